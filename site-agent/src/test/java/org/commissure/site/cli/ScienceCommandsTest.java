package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.commissure.models.npy.NpyWriter;
import org.commissure.site.cohort.SyntheticCohort;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both comparisons on made-up hospitals whose answer is known. */
class ScienceCommandsTest {
    private static final int PARCELS = 10;
    private static final int FRAMES = 80;

    @TempDir
    private static Path shared;

    @TempDir
    Path folder;

    private static Path data = Path.of("");

    @BeforeAll
    static void write() throws IOException {
        data = shared.resolve("data");
        site("NYU", 40, 1);
        site("B", 30, 2);
    }

    @Test
    void aPlantedDifferenceIsFoundAndPrintedBesideThePaper() throws IOException {
        Path out = folder.resolve("table");
        CommandResult result = paperTable("--target", "diagnosis", "--noise", "0.01", "--out", out.toString());
        assertThat(result.code()).as(result.text()).isZero();
        assertThat(result.text())
                .contains("single", "cross, from NYU", "federated, noise 0.01", "mix", "FC ridge", "majority")
                .contains(
                        "published: single",
                        "0.601",
                        "0.647",
                        "UM, USM and UCLA take no part",
                        "B are not in the paper")
                .contains("Better than the larger class at every site", "s of processor time", "GB of memory");
        JsonNode table = new ObjectMapper().readTree(out.resolve("table.json").toFile());
        for (String key : List.of("single", "federated", "mix", "ridge-mix")) {
            for (String site : List.of("NYU", "B")) {
                JsonNode score = row(table, key).get(site);
                assertThat(score.get("score").asDouble()).as(key + " " + site).isGreaterThan(0.85);
                assertThat(score.get("low").asDouble()).as(key + " " + site).isGreaterThan(0.6);
                assertThat(score.get("auc").asDouble()).as(key + " " + site).isGreaterThan(0.9);
            }
        }
        assertThat(row(table, "majority").get("NYU").get("score").asDouble()).isEqualTo(0.6);
        assertThat(row(table, "cross-NYU").has("NYU")).isFalse();
        assertThat(row(table, "published-mix").has("B")).isFalse();
        assertThat(table.get("settings").get("seed").asInt()).isEqualTo(3);
        assertThat(table.get("cost").get("peakMemoryBytes").asLong()).isPositive();
        assertThat(Files.readString(out.resolve("table.html")))
                .contains("<svg", "Li et al. 2020", "Differences in design")
                .doesNotContain("sub-");
        assertThat(Files.readString(out.resolve("table.svg"))).contains("federated at NYU");
        try (Stream<Path> beside = Files.list(folder)) {
            assertThat(beside).containsExactly(out);
        }
    }

    @Test
    void shuffledLabelsAreSaidToBeANull() {
        CommandResult result = paperTable("--target", "shuffled", "--json");
        assertThat(result.code()).as(result.text()).isZero();
        JsonNode table = result.json();
        for (String key : List.of("single", "federated", "mix", "ridge-single")) {
            for (String site : List.of("NYU", "B")) {
                JsonNode score = row(table, key).get(site);
                double majority = row(table, "majority").get(site).get("score").asDouble();
                assertThat(score.get("low").asDouble()).as(key + " " + site).isLessThanOrEqualTo(majority);
            }
        }
        assertThat(table.get("findings").toString())
                .contains("Null: federated is not shown to be better", "NYU and B", "no difference shown");
        assertThat(table.get("findings").toString()).contains("none of them stands beside this table");
    }

    @Test
    void whatCannotBeComparedIsNamed() throws IOException {
        assertThat(paperTable("--target", "iq")).satisfies(refused("has no column iq", "diagnosis"));
        assertThat(paperTable("--target", "lonely")).satisfies(refused("1 patients of class", "5 folds", "--folds"));
        assertThat(paperTable("--target", "site")).satisfies(refused("0 patients of class", "B, NYU"));
        assertThat(paperTable("--target", "age")).satisfies(refused("column age has", "two values"));
        assertThat(paperTable("--sites", "NYU,UCLA")).satisfies(refused("no site UCLA", "B, NYU"));
        assertThat(paperTable("--sites", "B,B")).satisfies(refused("twice"));
        assertThat(paperTable("--parcels", "12")).satisfies(refused("no patient", "wrong-parcel-count"));
        assertThat(paperTable("--window", "90")).satisfies(refused("no patient", "too-short"));
        assertThat(paperTable("--folds", "2")).satisfies(refused("folds = 2"));
        assertThat(paperTable("--stride", "0")).satisfies(refused("--stride 0"));
        Path taken = Files.createDirectory(folder.resolve("taken"));
        assertThat(paperTable("--out", taken.toString())).satisfies(refused("exists already"));
        assertThat(CommandResult.of("science", "paper-table", "--data", folder.toString()))
                .satisfies(refused("no folders named site-*"));
    }

    @Test
    void reconstructionIsScoredBySite() throws IOException {
        Path synthetic = folder.resolve("synthetic");
        new SyntheticCohort(List.of("A", "B"), 20, 24, 60, 5).write(synthetic);
        Path out = folder.resolve("table");
        CommandResult result = CommandResult.of(
                "science",
                "reconstruction-table",
                "--data",
                synthetic.toString(),
                "--coordinates",
                synthetic.resolve("atlas.tsv").toString(),
                "--window",
                "40",
                "--patch",
                "10",
                "--steps",
                "60",
                "--local-steps",
                "10",
                "--mask-ratio",
                "0.5",
                "--external",
                "0.5",
                "--threads",
                "1",
                "--out",
                out.toString());
        assertThat(result.code()).as(result.text()).isZero();
        assertThat(result.text())
                .contains("R² of federated minus single", "R² of federated minus pooled", "linear interpolation");
        JsonNode table = new ObjectMapper().readTree(out.resolve("table.json").toFile());
        for (String site : List.of("A", "B")) {
            double mean = row(table, "parcel-mean").get(site).get("score").asDouble();
            for (String key : List.of("single", "federated", "pooled")) {
                JsonNode score = row(table, key).get(site);
                assertThat(score.get("score").asDouble()).as(key).isGreaterThan(mean + 0.2);
                assertThat(score.get("low").asDouble())
                        .isLessThan(score.get("score").asDouble());
            }
            assertThat(row(table, "single").get(site))
                    .isEqualTo(row(table, "single-" + site).get(site));
        }
        assertThat(CommandResult.of("science", "reconstruction-table", "--data", synthetic.toString()))
                .satisfies(refused("--coordinates"));
        assertThat(CommandResult.of(
                        "science",
                        "reconstruction-table",
                        "--data",
                        synthetic.toString(),
                        "--coordinates",
                        synthetic.resolve("atlas.tsv").toString(),
                        "--window",
                        "40",
                        "--external",
                        "0.05"))
                .satisfies(refused("external patients", "at least 5", "--external"));
    }

    @Test
    void helpTeachesAndSaysThatSitesAreSimulated() {
        for (String command : List.of("paper-table", "reconstruction-table")) {
            assertThat(CommandResult.of("science", command, "--help").text())
                    .contains("Example", "--sites", "--json", "--quick", "simulated", "none of its data is pooled");
        }
    }

    private static JsonNode row(JsonNode table, String key) {
        for (JsonNode row : table.get("rows")) {
            if (row.get("key").asText().equals(key)) {
                return row.get("sites");
            }
        }
        throw new AssertionError("no row " + key + " in " + table);
    }

    private static Consumer<CommandResult> refused(String... words) {
        return result -> {
            assertThat(result.code()).as(result.text()).isEqualTo(3);
            assertThat(result.text()).contains(words).contains("remedy: ").doesNotContain("unexpected", "sub-");
        };
    }

    private static CommandResult paperTable(String... options) {
        List<String> arguments = new ArrayList<>(List.of("science", "paper-table", "--data", data.toString()));
        List<String> given = List.of(options);
        List<List<String>> usual = List.of(
                List.of("--sites", "NYU,B"),
                List.of("--parcels", "10"),
                List.of("--window", "40"),
                List.of("--stride", "20"),
                List.of("--steps", "60"),
                List.of("--batch", "16"),
                List.of("--learning-rate", "0.003"),
                List.of("--seed", "3"));
        for (List<String> option : usual) {
            if (!given.contains(option.getFirst())) {
                arguments.addAll(option);
            }
        }
        arguments.addAll(given);
        return CommandResult.of(arguments.toArray(String[]::new));
    }

    /** Of patients with ASD the first parcels go together, of the others the last. */
    private static void site(String name, int patients, long seed) throws IOException {
        Path site = Files.createDirectories(data.resolve("site-" + name));
        var random = new SplittableRandom(seed);
        StringBuilder table =
                new StringBuilder("participant_id\tsite\tage\tdiagnosis\tshuffled\tlonely\trepetition_time\n");
        for (int i = 0; i < patients; i++) {
            String id = String.format(Locale.ROOT, "sub-%s%03d", name, i);
            boolean autism = i % 5 < 2;
            Path func = Files.createDirectories(site.resolve(id).resolve("func"));
            NpyWriter.write(
                    func.resolve(id + "_task-rest_atlas-made_desc-made_timeseries.npy"),
                    series(autism, random),
                    PARCELS,
                    FRAMES);
            table.append(String.join(
                            "\t",
                            id,
                            name,
                            Integer.toString(10 + i),
                            autism ? "ASD" : "TC",
                            random.nextDouble() < 0.4 ? "ASD" : "TC",
                            i == 0 ? "ASD" : "TC",
                            "2.0"))
                    .append('\n');
        }
        Files.writeString(site.resolve("participants.tsv"), table);
    }

    private static float[] series(boolean autism, SplittableRandom random) {
        float[] series = new float[PARCELS * FRAMES];
        for (int t = 0; t < FRAMES; t++) {
            double network = random.nextGaussian();
            for (int p = 0; p < PARCELS; p++) {
                boolean member = autism ? p < 5 : p >= 5;
                series[p * FRAMES + t] = (float) (random.nextGaussian() + (member ? 0.8 * network : 0));
            }
        }
        return series;
    }
}
