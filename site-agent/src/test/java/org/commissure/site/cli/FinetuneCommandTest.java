package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.site.cohort.SyntheticCohort;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a synthetic hospital whose last network grows stronger with age. */
class FinetuneCommandTest {
    private static final int PARCELS = 12;

    @TempDir
    private static Path shared;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeUpAHospitalAndAModel() throws IOException {
        new SyntheticCohort(List.of("A"), 60, PARCELS, 48, 5).write(shared.resolve("data"));
        float[][] places = new float[PARCELS][3];
        for (int p = 0; p < PARCELS; p++) {
            places[p][p % 3] = 5 * p;
        }
        var c = new BrainLmConfiguration(PARCELS, 24, 6, 16, 1, 1, 2, 16, places);
        ModelFolder.write(shared.resolve("model"), c, Initialisation.parameters(c, 1), Map.of());
    }

    @Test
    void aRegressionIsScoredBesideTheMeanAndTheRidge() throws IOException {
        Path out = folder.resolve("head");
        StringWriter text = new StringWriter();
        int code = run(text, out, "--target", "age", "--task", "regression", "--pool", "mean", "--json");
        assertThat(code).as(text.toString()).isZero();
        JsonNode facts = new ObjectMapper().readTree(text.toString());
        assertThat(facts.get("trainingPatients").asInt()).isEqualTo(36);
        assertThat(facts.get("testPatients").asInt()).isEqualTo(12);
        for (String who : List.of(
                "head", "connectivityRidge", "embeddingNeighbours", "embeddingSvm", "connectivityNeighbours", "mean")) {
            assertThat(facts.get("scores").get(who).get("r2").isNumber())
                    .as(who)
                    .isTrue();
        }
        assertThat(facts.get("scores").get("mean").get("r2").asDouble()).isLessThanOrEqualTo(0);
        assertThat(out).isDirectoryContaining("glob:**/head.safetensors");
        assertThat(ModelFolder.read(out).parameters())
                .containsExactly(ModelFolder.read(shared.resolve("model")).parameters());
    }

    @Test
    void aClassificationTrainsTheEncoderToo() throws IOException {
        Path out = folder.resolve("head");
        StringWriter text = new StringWriter();
        int code = run(
                text,
                out,
                "--target",
                "sex",
                "--task",
                "classification",
                "--pool",
                "mean",
                "--trained",
                "--epochs",
                "2",
                "--json");
        assertThat(code).as(text.toString()).isZero();
        JsonNode facts = new ObjectMapper().readTree(text.toString());
        assertThat(facts.get("classes").toString()).isEqualTo("[\"F\",\"M\"]");
        assertThat(facts.get("scores").get("head").get("auc").asDouble()).isBetween(0.0, 1.0);
        assertThat(facts.get("scores").get("majority").get("auc").asDouble()).isEqualTo(0.5);
        assertThat(ModelFolder.read(out).parameters())
                .isNotEqualTo(ModelFolder.read(shared.resolve("model")).parameters());
    }

    @Test
    void aColumnThatCannotBeLearntIsRefusedWithAWayOut() {
        StringWriter text = new StringWriter();
        Path out = folder.resolve("head");
        assertThat(run(text, out, "--target", "iq", "--task", "regression")).isEqualTo(3);
        assertThat(text.toString()).contains("no column iq", "age");
        assertThat(run(text, out, "--target", "age", "--task", "classification"))
                .isEqualTo(3);
        assertThat(text.toString()).contains("different values");
        assertThat(run(text, out, "--target", "sex", "--task", "regression")).isEqualTo(3);
        assertThat(text.toString()).contains("not a number");
        assertThat(run(text, out, "--target", "sex", "--task", "guess")).isEqualTo(3);
        assertThat(text.toString()).contains("classification or regression");
        assertThat(out).doesNotExist();
    }

    private static int run(StringWriter text, Path out, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "site",
                "model",
                "finetune",
                "--model",
                shared.resolve("model").toString(),
                "--cohort",
                shared.resolve("data/site-A").toString(),
                "--out",
                out.toString(),
                "--threads",
                "1"));
        arguments.addAll(List.of(options));
        PrintWriter writer = new PrintWriter(text, true);
        return Main.commandLine().setOut(writer).setErr(writer).execute(arguments.toArray(String[]::new));
    }
}
