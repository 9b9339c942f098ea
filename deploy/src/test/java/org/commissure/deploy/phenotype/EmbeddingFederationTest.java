package org.commissure.deploy.phenotype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.commissure.coordinator.round.PhenotypeResult;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.deploy.console.ConsoleBrowser;
import org.commissure.deploy.federation.GenerousPolicy;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.ProcessFederation;
import org.commissure.deploy.federation.StudyTemplate;
import org.commissure.deploy.federation.Waiting;
import org.commissure.protocol.UserError;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A phenotype from a model's embeddings, then from the fine-tuned model, with real processes: the sites get the model
 * from the coordinator by its hash.
 */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EmbeddingFederationTest {
    private static final List<String> SITES = List.of("A", "B", "C");
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String RUN = "embedded";
    private static final String TUNED = "tuned";
    private static final String COMPARED = "compared";
    private static final String PASSWORD = "a password for the tests";
    private static final String FOREST = "data-chart[label^='Forest plot of each model']";

    private ProcessFederation processes;
    private Path folder;
    private Path model;
    private String modelSha256;
    private RunSummary run;
    private RunSummary tuned;
    private RunSummary compared;

    @BeforeAll
    void run(@TempDir Path temporary) throws IOException {
        folder = temporary;
        Launcher launcher = Launcher.find();
        processes = new ProcessFederation(launcher, folder);
        processes.generateCohorts("A,B,C", 30, 12);
        Path network = folder.resolve("network.toml");
        Path atlas = processes.cohorts().resolve("atlas.tsv");
        Files.writeString(
                network,
                StudyTemplate.resource(
                                EmbeddingFederationTest.class, "/org/commissure/deploy/federation/tiny-study.toml")
                        .fill(1, atlas, launcher)
                        .text());
        model = processes.initialModel(network, folder.resolve("released.safetensors"));
        modelSha256 = parametersSha256(launcher);
        processes.initialise("embedding", LoopbackPorts.free());
        processes.startCoordinatorWithConsole();
        for (String site : SITES) {
            processes.join(site, processes.cohorts().resolve("site-" + site), GenerousPolicy.write(folder, true));
            processes.startSite(site);
        }
        SITES.forEach(site -> processes.site(site).await("connected to the coordinator", Duration.ofSeconds(60)));
        run = finished(RUN, study(Files.readString(network), modelSha256));
        Path tuning = fineTuning(Files.readString(network), modelSha256);
        tuned = finished(TUNED, tuning);
        compared = finished(COMPARED, withBaselines(Files.readString(tuning)));
    }

    private RunSummary finished(String runId, Path study) {
        processes.startRun(runId, study, model);
        if (!processes.watch().until(summary -> summary.state().terminal(), LIMIT)) {
            throw new UserError("the run did not end: " + processes.watch().newest(), "see " + processes.logs());
        }
        // The run's folder is written once the run has ended; the card is its last file.
        assertThat(Waiting.until(() -> Files.exists(processes.run(runId).resolve("model-card.md")), LIMIT))
                .isTrue();
        return processes.watch().newest().orElseThrow();
    }

    private String parametersSha256(Launcher launcher) throws IOException {
        return json(launcher.run("site", "model", "info", model.toString(), "--json")
                        .orThrow()
                        .output())
                .get("parametersSha256")
                .asText();
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    /** The age of the generated patients, from embeddings by the network's own [model] section. */
    private Path study(String network, String sha256) throws IOException {
        String described = network.substring(network.indexOf("[model]") + "[model]".length());
        String text = StudyTemplate.resource(EmbeddingFederationTest.class, "tiny-phenotype.toml")
                .text()
                .replace("column = \"old\"", "column = \"age\"")
                .replace("type = \"classification\"\nclasses = [\"no\", \"yes\"]", "type = \"regression\"")
                .replace("kind = \"connectivity\"", "kind = \"embedding\"")
                .replace("scaling = \"quantiles\"", "scaling = \"none\"");
        Path file = folder.resolve("study-" + sha256.substring(0, 8) + ".toml");
        Files.writeString(
                file,
                text + "\n[phenotype.features.embedding]\nmodel_sha256 = \"" + sha256
                        + "\"\npooling = \"mean\"\nwindows_per_scan = 2\n[phenotype.features.embedding.model]"
                        + described);
        return file;
    }

    /** The same age, by the network's own training with its noise. */
    private Path fineTuning(String network, String sha256) throws IOException {
        String text = network.replace("[study]\n", "[study]\nkind = \"finetune\"\n")
                .replaceFirst("(?s)\\[evaluation\\].*?\\[model\\]", """
                        [finetune]
                        external_fraction = 0.25
                        model_sha256 = "%s"
                        pooling = "mean"
                        windows_per_scan = 2
                        trainable = "all"

                        [finetune.target]
                        column = "age"
                        type = "regression"
                        centre = 40.0
                        scale = 15.0

                        [model]""".formatted(sha256))
                .replaceFirst("mask_ratio = 0.5\n", "");
        return Files.writeString(folder.resolve("study-tuned.toml"), text);
    }

    /** The same without noise, beside connectivity and demographics, one of which no site has. */
    private Path withBaselines(String tuning) throws IOException {
        return Files.writeString(
                folder.resolve("study-compared.toml"),
                tuning.replaceFirst("mode = \"[a-z]+\"", "mode = \"none\"") + """

                [finetune.baselines]
                dimensions = 24
                seed = 1
                penalties = [0.1, 1.0]
                folds = 3
                iterations = 5
                tolerance = 1e-6

                [[finetune.baselines.covariates]]
                column = "sex"
                classes = ["M", "F"]

                [[finetune.baselines.covariates]]
                column = "handedness"
                """);
    }

    @AfterAll
    void stop() {
        processes.close();
    }

    @Test
    void theRunScoresTheEncoderBesideConnectivityAndTheOtherBaselines() throws IOException {
        assertThat(run.state()).as(run.reason()).isEqualTo(RunOutcome.FINISHED);
        PhenotypeResult result = Objects.requireNonNull(run.history().getLast().phenotype());
        assertThat(result.sites()).isEqualTo(SITES.size());
        assertThat(result.scores())
                .extracting(PhenotypeResult.Score::model)
                .containsExactly("federated", "single-site", "demographics", "mean", "connectivity");
        JsonNode report = json(Files.readString(processes.run(RUN).resolve("report.json")));
        assertThat(report.at("/phenotype/encoder/modelSha256").asText()).isEqualTo(modelSha256);
        assertThat(Files.readString(processes.run(RUN).resolve("report.html")))
                .contains(modelSha256, "which needs no encoder");
    }

    @Test
    void theReportAndTheCoefficientsFollowFromWhatWasReleased() throws IOException {
        Launcher launcher = processes.launcher();
        Path folderOfRun = processes.run(RUN);
        launcher.run(
                        "coordinator",
                        "report",
                        "verify",
                        folderOfRun.toString(),
                        "--log",
                        processes.log().toString())
                .orThrow();
        JsonNode fitted = json(launcher.run("science", "coefficients", folderOfRun.toString(), "--json")
                .orThrow()
                .output());
        assertThat(fitted.at("/models/0/coefficients").size()).isEqualTo(8);
        assertThat(fitted.at("/models/0/coefficients/3/column").asText()).isEqualTo("embedding 3");
        assertThat(fitted.at("/models/2/model").asText()).isEqualTo("connectivity");
        assertThat(fitted.at("/models/2/coefficients").size()).isEqualTo(24);
    }

    @Test
    void theModelIsFineTunedUnderTheLedgersOfTheSites() throws IOException {
        assertThat(tuned.state()).as(tuned.reason()).isEqualTo(RunOutcome.FINISHED);
        assertThat(tuned.history()).hasSize(2).allSatisfy(round -> {
            PhenotypeResult scored = Objects.requireNonNull(round.phenotype());
            assertThat(scored.sites()).isEqualTo(SITES.size());
            assertThat(scored.scores()).extracting(PhenotypeResult.Score::model).containsExactly("fine-tuned", "mean");
        });
        Path folderOfRun = processes.run(TUNED);
        JsonNode report = json(Files.readString(folderOfRun.resolve("report.json")));
        assertThat(report.at("/phenotype/fineTuned/modelSha256").asText()).isEqualTo(modelSha256);
        assertThat(report.at("/sites").size()).isEqualTo(SITES.size());
        for (JsonNode site : report.at("/sites")) {
            assertThat(site.at("/privacy/charges").asInt()).isEqualTo(1);
            assertThat(site.at("/privacy/epsilonSpent").asDouble()).isPositive();
        }
        processes
                .launcher()
                .run(
                        "coordinator",
                        "report",
                        "verify",
                        folderOfRun.toString(),
                        "--log",
                        processes.log().toString())
                .orThrow();
    }

    @Test
    void withoutNoiseTheSameRunFitsConnectivityAndDemographicsToTheSamePatients() throws IOException {
        assertThat(compared.state()).as(compared.reason()).isEqualTo(RunOutcome.FINISHED);
        PhenotypeResult result =
                Objects.requireNonNull(compared.history().getLast().phenotype());
        assertThat(result.scores())
                .extracting(PhenotypeResult.Score::model)
                .containsExactly(
                        "fine-tuned", "mean", "connectivity", "connectivity, single-site", "demographics", "majority");
        JsonNode report = json(Files.readString(processes.run(COMPARED).resolve("report.json")));
        JsonNode beside = report.at("/phenotype/fineTuned/baselines");
        assertThat(beside.at("/trainingPatients").asInt()).isPositive();
        assertThat(beside.at("/demographics/0/patients")).isEqualTo(beside.at("/trainingPatients"));
        assertThat(beside.at("/demographics/1/patients").asInt()).isZero();
        assertThat(Files.readString(processes.run(COMPARED).resolve("report.html")))
                .contains("No site&#39;s table states handedness");
        processes
                .launcher()
                .run(
                        "coordinator",
                        "report",
                        "verify",
                        processes.run(COMPARED).toString(),
                        "--log",
                        processes.log().toString())
                .orThrow();
    }

    @Test
    void aScientistComparesTheModelsInTheForestPlotAndFetchesTheReleasedOne() throws IOException {
        processes.addConsoleUser("scientist", "viewer", Files.writeString(folder.resolve("password"), PASSWORD + "\n"));
        JsonNode scores = json(Files.readString(processes.run(COMPARED).resolve("report.json")))
                .at("/phenotype/scores");
        try (ConsoleBrowser browser = new ConsoleBrowser(processes.consoleAddress())) {
            browser.signIn("scientist", PASSWORD);
            browser.show("#/report/" + COMPARED, FOREST + " canvas");
            assertThat(browser.script("return document.querySelector(\"" + FOREST + "\").rows"))
                    .isEqualTo((long) scores.size());
            for (JsonNode score : scores) {
                assertThat(browser.text())
                        .contains(score.get("model").asText() + " " + interval(score.at("/metrics/r2")));
            }
            assertThat(browser.contrast().bad()).isEmpty();
            browser.screenshot("report-compared");
            browser.show("#/models/" + TUNED, "td a[download]");
            assertThat(browser.all("td a[download]")).hasSize(tuned.history().size());
            assertThat(browser.text())
                    .contains(tuned.history().getLast().modelSha256().substring(0, 12));
            browser.assertQuiet();
        }
    }

    /** As the pages write an estimate. */
    private static String interval(JsonNode estimate) {
        if (!estimate.hasNonNull("interval")) {
            return String.format(
                    Locale.ROOT,
                    "%.3f (too few for an interval)",
                    estimate.get("value").asDouble());
        }
        return String.format(
                Locale.ROOT,
                "%.3f [%.3f, %.3f]",
                estimate.get("value").asDouble(),
                estimate.at("/interval/low").asDouble(),
                estimate.at("/interval/high").asDouble());
    }

    @Test
    void aModelOfAnotherHashIsRefusedBeforeTheRun() throws IOException {
        Path other = study(Files.readString(folder.resolve("network.toml")), "ab".repeat(32));
        assertThatThrownBy(() -> processes.startRun("other", other, model))
                .hasMessageContaining("have the SHA-256 " + modelSha256)
                .hasMessageContaining("ab".repeat(32));
    }
}
