package org.commissure.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of kind finetune of two rounds, each scored, and the model that it started from. */
class FineTuneVerificationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROUNDS = 2;

    @TempDir
    Path folder;

    @Test
    void anUntouchedReportVerifiesAndAChangedScoreIsNamed() throws IOException {
        FineTuneRun tuned = new FineTuneRun(folder, FineTuneRun.study());
        assertThat(tuned.verify().differences()).isEmpty();
        change(tuned, 0);
        assertThat(tuned.verify().differences())
                .singleElement()
                .satisfies(difference ->
                        assertThat(difference.where()).isEqualTo("/phenotype/scores/0/metrics/auc/value"));
    }

    @Test
    void baselinesAreRecomputedTooAndTheReportSaysToWhomTheyWereFitted() throws IOException {
        FineTuneRun tuned = new FineTuneRun(folder, FineTuneRun.withBaselines());
        assertThat(tuned.verify().differences()).isEmpty();
        JsonNode report = report(tuned);
        List<String> models = new ArrayList<>();
        report.at("/phenotype/scores")
                .forEach(score -> models.add(score.path("model").asText()));
        assertThat(models)
                .containsExactly(
                        "fine-tuned", "mean", "connectivity", "connectivity, single-site", "demographics", "majority");
        JsonNode beside = report.at("/phenotype/fineTuned/baselines");
        assertThat(beside.path("unavailable").isNull()).isTrue();
        assertThat(beside.path("trainingPatients").asInt()).isEqualTo(FineTuneRun.PATIENTS);
        assertThat(beside.at("/demographics/0/column").asText()).isEqualTo("age");
        assertThat(beside.at("/demographics/0/patients").asInt()).isEqualTo(FineTuneRun.KNOWN);
        assertThat(report.at("/phenotype/newtonSteps").asInt()).isEqualTo(1);
        assertThat(report.at("/phenotype/fineTuned/round").asInt()).isEqualTo(ROUNDS);
        assertThat(report.at("/phenotype/fineTuned/rounds").size()).isEqualTo(1 + ROUNDS);
        assertThat(Files.readString(tuned.run.resolve("report.html")))
                .contains("the same 40 training patients, of whom age is known of 30");
        assertThat(Files.readString(tuned.run.resolve("model-card.md"))).contains("age is known of 30");
        change(tuned, 4);
        assertThat(tuned.verify().differences())
                .singleElement()
                .satisfies(difference ->
                        assertThat(difference.where()).isEqualTo("/phenotype/scores/4/metrics/auc/value"));
    }

    @Test
    void theReportAndTheCardSayWhatWasTrainedAndHowItWentByRound() throws IOException {
        FineTuneRun tuned = new FineTuneRun(folder, FineTuneRun.study());
        JsonNode report = report(tuned);
        assertThat(report.at("/phenotype/fineTuned/modelSha256").asText()).isEqualTo("ab".repeat(32));
        assertThat(report.at("/phenotype/fineTuned/rounds").size()).isEqualTo(1 + ROUNDS);
        assertThat(report.at("/phenotype/fineTuned/round").asInt()).isEqualTo(ROUNDS);
        assertThat(report.at("/sealedEvaluation").isNull()).isTrue();
        assertThat(report.at("/rounds/1/evaluationUnavailable").asText()).contains("by what it predicts");
        assertThat(Files.readString(tuned.run.resolve("report.html")))
                .contains(
                        "mean: the same answer for everybody",
                        "and the encoder, at rate 0.1 of the head",
                        "not scored here: they need exact sums over the training patients");
        assertThat(Files.readString(tuned.run.resolve("model-card.md")))
                .contains("fine-tuned across hospitals", "noise multiplier 1.0", "ab".repeat(32));
    }

    @Test
    void theCardSaysWhoseDataFromWhichModelAndWithWhichHashesAndIsVerified() throws IOException {
        FineTuneRun tuned = new FineTuneRun(folder, FineTuneRun.study());
        Path file = tuned.run.resolve("model-card.json");
        JsonNode card = JSON.readTree(Files.readAllBytes(file));
        assertThat(card.at("/lineage/baseModelSha256").asText()).isEqualTo("ab".repeat(32));
        assertThat(card.at("/lineage/startSha256").asText()).isEqualTo("aa".repeat(32));
        assertThat(card.at("/lineage/rounds").size()).isEqualTo(1 + ROUNDS);
        assertThat(card.at("/model/sha256")).isEqualTo(report(tuned).at("/model/sha256"));
        assertThat(card.at("/data/sites").size()).isEqualTo(ReportFixture.SITES.size());
        assertThat(card.at("/data/sites/0/sealedPatients"))
                .isEqualTo(report(tuned).at("/sites/0/sealedPatientsNoised"));
        assertThat(card.at("/privacy/noiseMultiplier").asDouble()).isEqualTo(1.0);
        assertThat(card.at("/evaluation/phenotype/scores/0/metrics/auc/interval/low")
                        .isNumber())
                .isTrue();
        assertThat(card.at("/limits/0").asText()).contains("research use");
        String markdown = Files.readString(tuned.run.resolve("model-card.md"));
        assertThat(markdown)
                .contains("## Data", "noise of its own", "Vector before the first sum: `" + "aa".repeat(32))
                .contains(report(tuned).at("/sites/0/sealedPatients").asText());

        Files.writeString(file, Files.readString(file).replace("research use", "clinical use"));
        assertThat(tuned.verify().differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.where()).startsWith("model-card.json, line "));
    }

    private static JsonNode report(FineTuneRun tuned) throws IOException {
        return JSON.readTree(Files.readAllBytes(tuned.run.resolve("report.json")));
    }

    /** Writes another AUC of a model. */
    private static void change(FineTuneRun tuned, int model) throws IOException {
        Path file = tuned.run.resolve("report.json");
        JsonNode stated = report(tuned);
        ((ObjectNode) stated.at("/phenotype/scores/" + model + "/metrics/auc")).put("value", 0.99);
        Files.writeString(file, JSON.writeValueAsString(stated));
    }
}
