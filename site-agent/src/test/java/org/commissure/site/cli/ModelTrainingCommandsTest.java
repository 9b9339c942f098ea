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
import java.util.function.Consumer;
import org.commissure.models.npy.NpyFile;
import org.commissure.site.cohort.SyntheticCohort;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on three small synthetic hospitals: a pretraining of test size, and what comes after it. */
class ModelTrainingCommandsTest {
    @TempDir
    private static Path shared;

    private static Path data = Path.of("");
    private static Path trained = Path.of("");
    private static JsonNode facts = new ObjectMapper().createObjectNode();

    @TempDir
    Path folder;

    @BeforeAll
    static void pretrain() throws IOException {
        data = shared.resolve("data");
        new SyntheticCohort(List.of("A", "B", "C"), 16, 24, 60, 5).write(data);
        trained = shared.resolve("trained");
        CommandResult result = siteModel(
                "train",
                "--cohort",
                data.resolve("site-A").toString(),
                "--cohort",
                data.resolve("site-B").toString(),
                "--cohort",
                data.resolve("site-C").toString(),
                "--coordinates",
                data.resolve("atlas.tsv").toString(),
                "--out",
                trained.toString(),
                "--window",
                "40",
                "--patch",
                "10",
                "--steps",
                "120",
                "--batch",
                "8",
                "--learning-rate",
                "0.003",
                "--mask-ratio",
                "0.5",
                "--threads",
                "1",
                "--json");
        assertThat(result.code()).as(result.text()).isZero();
        facts = result.json();
    }

    @Test
    void pretrainingBeatsInterpolationOnHeldOutPatients() {
        assertThat(facts.get("trainingPatients").asInt()
                        + facts.get("heldOutPatients").asInt())
                .isEqualTo(48);
        assertThat(facts.get("heldOutPatients").asInt()).isBetween(3, 20);
        JsonNode scores = facts.get("scores");
        assertThat(scores.get("r2").asDouble())
                .isGreaterThan(0.3)
                .isGreaterThan(scores.get("r2Interpolation").asDouble() + 0.3)
                .isGreaterThan(scores.get("r2ParcelMean").asDouble() + 0.3);
        assertThat(trained).isDirectoryContaining("glob:**/config.json");
        assertThat(trained).isDirectoryContaining("glob:**/model.safetensors");
        assertThat(trained).isDirectoryContaining("glob:**/curve.svg");
        assertThat(trained).isDirectoryContaining("glob:**/metrics.jsonl");
    }

    @Test
    void evaluationOfTheHeldOutPatientsAgreesWithTheTrainings() {
        CommandResult result = siteModel(
                "evaluate",
                "--model",
                trained.toString(),
                "--cohort",
                data.toString(),
                "--threads",
                "1",
                "--held-out",
                "--per-parcel",
                "--json");
        assertThat(result.code()).as(result.text()).isZero();
        assertThat(result.json().get("patients")).isEqualTo(facts.get("heldOutPatients"));
        assertThat(result.json().get("r2").asDouble())
                .isCloseTo(facts.get("scores").get("r2").asDouble(), within(1e-9));
        assertThat(result.json().get("r2ByParcel")).hasSize(24);
    }

    @Test
    void theFutureCanBeEvaluatedToo() {
        CommandResult result = siteModel(
                "evaluate", "--model", trained.toString(), "--cohort", data.toString(), "--mode", "future", "--json");
        assertThat(result.code()).as(result.text()).isZero();
        assertThat(result.json().get("patients").asInt()).isEqualTo(48);
        // One of four patches, of 24 parcels in two windows of 48 patients.
        assertThat(result.json().get("values").asInt()).isEqualTo(10 * 24 * 2 * 48);
    }

    @Test
    void everyPatientGetsAnEmbedding() throws IOException {
        Path npy = folder.resolve("e.npy");
        Path tsv = folder.resolve("e.tsv");
        for (Path out : List.of(npy, tsv)) {
            CommandResult result = siteModel(
                    "embed",
                    "--model",
                    trained.toString(),
                    "--cohort",
                    data.resolve("site-A").toString(),
                    "--out",
                    out.toString(),
                    "--pool",
                    "mean");
            assertThat(result.code()).as(result.text()).isZero();
        }
        try (NpyFile file = NpyFile.open(npy)) {
            assertThat(file.shape()).containsExactly(16, 64);
            String[] row = Files.readAllLines(tsv).get(2).split("\t");
            assertThat(row[0]).isEqualTo("sub-A0002");
            assertThat(Float.parseFloat(row[5])).isEqualTo(file.floats()[64 + 4]);
        }
        assertThat(Files.readAllLines(folder.resolve("e.participants.tsv"))).hasSize(17);
    }

    @Test
    void attentionRowsAddUpToAtMostOne() throws IOException {
        Path maps = folder.resolve("maps");
        CommandResult result = siteModel(
                "attention",
                "--model",
                trained.toString(),
                "--cohort",
                data.resolve("site-B").toString(),
                "--layer",
                "1",
                "--out",
                maps.toString(),
                "--json");
        assertThat(result.code()).as(result.text()).isZero();
        assertThat(result.json().get("patients").asInt()).isEqualTo(16);
        try (NpyFile parcels = NpyFile.open(maps.resolve("parcels.npy"));
                NpyFile cls = NpyFile.open(maps.resolve("cls.npy"))) {
            assertThat(cls.shape()).containsExactly(96);
            float[] values = parcels.floats();
            assertThat(parcels.shape()).containsExactly(24, 24);
            for (int row = 0; row < 24; row++) {
                double sum = 0;
                for (int column = 0; column < 24; column++) {
                    sum += values[row * 24 + column];
                }
                assertThat(sum).isBetween(0.5, 1.0001);
            }
        }
        assertThat(Files.readString(maps.resolve("parcels.svg"))).contains("<svg", "data:image/png;base64,iVBORw0KGgo");
    }

    @Test
    void aFinishedRunIsNotOverwrittenButCanBeResumedAndTrainedOn() {
        assertThat(trainSmall("--out", trained.toString(), "--steps", "2"))
                .satisfies(refused("already holds a run", "--resume"));
        Path out = folder.resolve("run");
        assertThat(trainSmall("--out", out.toString(), "--steps", "3").code()).isZero();
        CommandResult resumed = trainSmall("--out", out.toString(), "--steps", "3", "--resume");
        assertThat(resumed.code()).as(resumed.text()).isZero();
        assertThat(resumed.text()).contains("going on after step 3");
        assertThat(trainSmall("--out", out.toString(), "--steps", "4", "--resume"))
                .satisfies(refused("steps: 3 in the checkpoint, 4 in this run", "repeat the options"));
        CommandResult on = siteModel(
                "train",
                "--from",
                out.toString(),
                "--cohort",
                data.resolve("site-C").toString(),
                "--out",
                folder.resolve("on").toString(),
                "--steps",
                "2",
                "--batch",
                "2",
                "--hold-out",
                "0");
        assertThat(on.code()).as(on.text()).isZero();
        assertThat(on.text()).contains("training on 16 patients, 0 held out");
    }

    @Test
    void badInputIsNamed() {
        String out = folder.resolve("new").toString();
        assertThat(trainSmall("--out", out, "--window", "45")).satisfies(refused("not a multiple of patchFrames"));
        assertThat(trainSmall("--out", out, "--mask-ratio", "1")).satisfies(refused("strictly between 0 and 1"));
        assertThat(trainSmall("--out", out, "--mask-ratio", "0")).satisfies(refused("strictly between 0 and 1"));
        assertThat(trainSmall("--out", out, "--mode", "past")).satisfies(refused("--mode is 'past'"));
        assertThat(trainSmall("--out", out, "--steps", "0")).satisfies(refused("steps = 0"));
        assertThat(trainSmall("--out", out, "--steps", "1", "--epochs", "1")).satisfies(refused("both"));
        assertThat(trainSmall("--out", out, "--hold-out", "1")).satisfies(refused("--hold-out is 1.0"));
        assertThat(trainSmall("--out", out, "--window", "80")).satisfies(refused("16 too-short", "cohort check"));
        assertThat(trainSmall("--out", out, "--device", "tpu")).satisfies(refused("--device is 'tpu'"));
        assertThat(trainSmall("--out", out, "--resume")).satisfies(refused("no checkpoint"));
        assertThat(trainSmall("--out", out, "--preset", "brainlm-900b")).satisfies(refused("there is no preset"));
        assertThat(trainSmall("--out", out, "--patient-clip", "1", "--batch", "64"))
                .satisfies(refused("twice"));
        assertThat(siteModel("train", "--cohort", data.toString(), "--out", out))
                .satisfies(refused("--coordinates"));
        assertThat(siteModel("evaluate", "--model", out, "--cohort", data.toString()))
                .satisfies(refused("no file"));
        assertThat(siteModel("embed", "--model", trained.toString(), "--cohort", data.toString(), "--out", "e.csv"))
                .satisfies(refused(".npy or .tsv"));
        assertThat(siteModel(
                        "attention",
                        "--model",
                        trained.toString(),
                        "--cohort",
                        data.toString(),
                        "--out",
                        out,
                        "--layer",
                        "2"))
                .satisfies(refused("layer 2"));
    }

    @Test
    void cohortsThatDoNotFitAreNamed() throws IOException {
        Path other = folder.resolve("other");
        new SyntheticCohort(List.of("D"), 3, 12, 60, 5).write(other);
        assertThat(siteModel("evaluate", "--model", trained.toString(), "--cohort", other.toString()))
                .satisfies(refused("no patient", "24 parcels", "3 wrong-parcel-count", "cohort check"));
        Path one = folder.resolve("one");
        new SyntheticCohort(List.of("E"), 2, 24, 60, 6).write(one);
        Path series = one.resolve(
                "site-E/sub-E0001/func/sub-E0001_task-rest_atlas-ellipsoid24_desc-synthetic_timeseries.npy");
        byte[] bytes = Files.readAllBytes(series);
        for (int i = bytes.length - 4; i < bytes.length; i++) {
            bytes[i] = (byte) 0xff; // a NaN
        }
        Files.write(series, bytes);
        assertThat(siteModel(
                        "train",
                        "--from",
                        trained.toString(),
                        "--cohort",
                        one.toString(),
                        "--out",
                        folder.resolve("new").toString()))
                .satisfies(refused("1 admitted patients", "cohort check"));
        assertThat(siteModel(
                        "evaluate",
                        "--model",
                        trained.toString(),
                        "--cohort",
                        data.toString(),
                        "--cohort",
                        data.resolve("site-A").toString()))
                .satisfies(refused("the same series"));
    }

    @Test
    void helpTeaches() {
        for (String command : List.of("train", "evaluate", "embed", "attention")) {
            assertThat(siteModel(command, "--help").text()).contains("Example", "--cohort", "--json");
        }
    }

    private static Consumer<CommandResult> refused(String... words) {
        return result -> {
            assertThat(result.code()).as(result.text()).isEqualTo(3);
            assertThat(result.text()).contains(words).contains("remedy: ").doesNotContain("unexpected", "sub-");
        };
    }

    private static CommandResult trainSmall(String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--cohort",
                data.resolve("site-A").toString(),
                "--coordinates",
                data.resolve("atlas.tsv").toString(),
                "--threads",
                "1"));
        List<String> given = List.of(options);
        defaultOf(arguments, given, "--window", "40");
        defaultOf(arguments, given, "--batch", "4");
        arguments.addAll(List.of("--patch", "10"));
        arguments.addAll(given);
        return siteModel(arguments.toArray(String[]::new));
    }

    private static void defaultOf(List<String> arguments, List<String> given, String name, String value) {
        if (!given.contains(name)) {
            arguments.addAll(List.of(name, value));
        }
    }
}
