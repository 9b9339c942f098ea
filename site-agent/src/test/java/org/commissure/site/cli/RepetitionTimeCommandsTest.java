package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.commissure.site.cli.CommandResult.siteModel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.commissure.site.ExampleStudy;
import org.commissure.site.cohort.SyntheticCohort;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that embeds the repetition time, on cohorts whose sites have protocols of their own. */
class RepetitionTimeCommandsTest {
    @TempDir
    private static Path shared;

    private static Path data = Path.of("");
    private static Path trained = Path.of("");
    private static JsonNode facts = new ObjectMapper().createObjectNode();

    @TempDir
    Path folder;

    @BeforeAll
    static void train() throws IOException {
        data = shared.resolve("data");
        new SyntheticCohort(List.of("A", "B", "C"), 12, 24, 60, 5).write(data); // 2, 2 and 1.5 s
        trained = shared.resolve("trained");
        CommandResult result = trainNew(trained, "--repetition-time-embedding", "--json");
        assertThat(result.code()).as(result.text()).isZero();
        facts = result.json();
    }

    @Test
    void theModelSaysThatItEmbedsItAndItsScoreComesBack() throws IOException {
        assertThat(Files.readString(trained.resolve("config.json"))).contains("\"repetitionTimeEmbedding\" : true");
        CommandResult info = siteModel("info", trained.toString(), "--json");
        assertThat(info.text())
                .contains("repetition_time_embedding", "vit.embeddings.repetition_time_projection.weight");
        CommandResult result = siteModel(
                "evaluate",
                "--model",
                trained.toString(),
                "--cohort",
                data.toString(),
                "--threads",
                "1",
                "--held-out",
                "--json");
        assertThat(result.code()).as(result.text()).isZero();
        assertThat(result.json().get("r2").asDouble())
                .isCloseTo(facts.get("scores").get("r2").asDouble(), within(1e-9));
    }

    @Test
    void theSameScansUnderAnotherRepetitionTimeScoreDifferently() throws IOException {
        Path site = data.resolve("site-A");
        Path other = folder.resolve("site-A");
        try (var files = Files.walk(site)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, other.resolve(site.relativize(file).toString()));
            }
        }
        Path table = other.resolve("participants.tsv");
        List<String> lines = Files.readAllLines(table);
        int column = List.of(lines.getFirst().split("\t")).indexOf("repetition_time");
        List<String> changed = new ArrayList<>(List.of(lines.getFirst()));
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            cells[column] = "0.4";
            changed.add(String.join("\t", cells));
        }
        Files.write(table, changed);
        List<Double> scores = new ArrayList<>();
        for (Path cohort : List.of(site, other)) {
            CommandResult result =
                    siteModel("evaluate", "--model", trained.toString(), "--cohort", cohort.toString(), "--json");
            assertThat(result.code()).as(result.text()).isZero();
            scores.add(result.json().get("r2").asDouble());
        }
        assertThat(scores.getFirst()).isNotEqualTo(scores.getLast());
    }

    @Test
    void embeddingsAndAttentionUseItToo() {
        for (List<String> command : List.of(
                List.of("embed", "--out", folder.resolve("e.npy").toString()),
                List.of(
                        "attention",
                        "--layer",
                        "0",
                        "--out",
                        folder.resolve("maps").toString()))) {
            List<String> all = new ArrayList<>(command);
            all.addAll(List.of("--model", trained.toString(), "--cohort", data.toString()));
            CommandResult result = siteModel(all.toArray(String[]::new));
            assertThat(result.code()).as(result.text()).isZero();
        }
    }

    @Test
    void whoCannotHaveItIsTold() {
        Path out = folder.resolve("out");
        refused(
                trainNew(out, "--repetition-time-embedding", "--preset", "brainlm-13m", "--patch", "20"),
                "the original has no embedding of the repetition time");
        refused(
                trainNew(out, "--repetition-time-embedding", "--preset", "brainlm-111m"),
                "brainlm-111m has no embedding of the repetition time");
        refused(
                siteModel(
                        "train",
                        "--from",
                        trained.toString(),
                        "--repetition-time-embedding",
                        "--cohort",
                        data.toString(),
                        "--out",
                        out.toString()),
                "--repetition-time-embedding is for a new model");
    }

    @Test
    void aStudysModelCanStartWithIt() throws IOException {
        Path study = folder.resolve("study.toml");
        Files.writeString(study, new ExampleStudy().file().text());
        Path model = folder.resolve("first.safetensors");
        CommandResult result = siteModel(
                "init", "--study", study.toString(), "--out", model.toString(), "--repetition-time-embedding");
        assertThat(result.code()).as(result.text()).isZero();
        CommandResult imported = siteModel(
                "import",
                model.toString(),
                "--config",
                folder.resolve("first.config.json").toString(),
                "--out",
                folder.resolve("imported").toString());
        assertThat(imported.code()).as(imported.text()).isZero();
        assertThat(siteModel("info", folder.resolve("imported").toString(), "--json")
                        .text())
                .contains("vit.embeddings.repetition_time_projection.weight");
    }

    private static void refused(CommandResult result, String... words) {
        assertThat(result.code()).as(result.text()).isEqualTo(3);
        assertThat(result.text()).contains(words).contains("remedy: ").doesNotContain("unexpected", "sub-");
    }

    private static CommandResult trainNew(Path out, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--cohort",
                data.toString(),
                "--coordinates",
                data.resolve("atlas.tsv").toString(),
                "--out",
                out.toString(),
                "--window",
                "40",
                "--steps",
                "20",
                "--batch",
                "4",
                "--threads",
                "1"));
        if (!List.of(options).contains("--patch")) {
            arguments.addAll(List.of("--patch", "10"));
        }
        arguments.addAll(List.of(options));
        return siteModel(arguments.toArray(String[]::new));
    }
}
