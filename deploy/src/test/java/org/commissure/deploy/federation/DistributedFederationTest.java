package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Privacy mode distributed in a federation of real processes over mutual TLS. */
@Tag("e2e")
@Order(1) // long
final class DistributedFederationTest {
    private static final Duration RUN = Duration.ofMinutes(4);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TinyFederation tiny;

    @BeforeEach
    void enrol() {
        tiny = TinyFederation.enrolled(folder);
    }

    @AfterEach
    void close() {
        tiny.close();
    }

    @Test
    void underAnAdaptiveClipNormEveryRoundReleasesAModelAndTheLogAloneGivesTheLedgersEpsilon() throws Exception {
        startSites();
        RunSummary run = run("adaptive", tiny.study(adaptive(), 4));

        assertThat(run.state()).as(run.reason()).isEqualTo(RunOutcome.FINISHED);
        assertThat(run.history().stream().map(RoundSummary::modelSha256))
                .as("a new model each round")
                .doesNotHaveDuplicates()
                .hasSize(5);
        // So small a model learns little in four steps, but noise does not wreck it.
        assertThat(run.history())
                .extracting(round -> Objects.requireNonNull(round.evaluation()).mse())
                .allMatch(error -> error > 0.5 && error < 1.5);
        for (String site : TinyFederation.SITES) {
            Finished recomputed = tiny.processes()
                    .launcher()
                    .run(
                            "audit",
                            "recompute-epsilon",
                            tiny.processes().log().toString(),
                            "--site",
                            site,
                            "--ledger",
                            tiny.processes()
                                    .siteHome(site)
                                    .resolve("ledger.jsonl")
                                    .toString(),
                            "--json");
            assertThat(recomputed.exit()).as(recomputed.everything()).isZero();
            JsonNode row = JSON.readTree(recomputed.output()).path("sites").path(0);
            assertThat(row.path("charges").asInt()).isEqualTo(4);
            assertThat(row.path("epsilon").asDouble())
                    .isPositive()
                    .isEqualTo(row.path("epsilon_ledger").asDouble());
        }
    }

    @Test
    void theErrorOfAReleasedSumIsThePredictedNoise() throws Exception {
        startSites();
        // Noise far above what 48 patients of norm C could sum up to.
        Path study = tiny.study(distributed().with("noise_multiplier", "200.0"), 1);
        RunSummary run = run("noise", study);

        assertThat(run.state()).as(run.reason()).isEqualTo(RunOutcome.FINISHED);
        float[] initial = parameters(study.resolveSibling("initial-noise.safetensors"));
        // The store's file: the copy at the run's end may come a moment after the run's last state.
        String model = run.history().getLast().modelSha256() + ".safetensors";
        float[] released =
                parameters(tiny.processes().run("noise").resolve("models").resolve(model));
        double squares = 0;
        for (int i = 0; i < initial.length; i++) {
            squares += Math.pow(released[i] - initial[i], 2);
        }
        double measured = Math.sqrt(squares / initial.length);
        // Learning rate 0.01; σC is the noise of t − c = 2 sites, and 4 sent theirs; 4 · 12 patients were expected.
        double predicted = 0.01 * 200 * Math.sqrt(4.0 / 2) / 48;
        // Four standard deviations of a measured deviation, and a hundredth for rounding to the grid.
        assertThat(measured / predicted).isCloseTo(1, within(4 / Math.sqrt(2.0 * initial.length) + 0.01));
    }

    @Test
    void withFewerSurvivorsThanTheThresholdNothingIsReleasedAndTheChargesStay() throws Exception {
        // Two of four sites stop where they should train; t = 3.
        for (String site : TinyFederation.SITES) {
            boolean stops = List.of("C", "D").contains(site);
            tiny.processes().startSite(site, stops ? Map.of("COMMISSURE_FAULT", "pause:site.training") : Map.of());
        }
        tiny.awaitConnected();
        RunSummary run = run(
                "lost", tiny.study(distributed().with("maximum_attempts", "1").with("upload_seconds", "12"), 1));

        assertThat(run.state()).isEqualTo(RunOutcome.FAILED);
        assertThat(run.history().getLast().outcome()).isEqualTo(RoundOutcome.ABORTED);
        assertThat(run.history().getLast().modelSha256())
                .isEqualTo(run.history().getFirst().modelSha256());
        assertThat(run.reason()).contains("no round released a model");
        assertThat(charges("A")).isEqualTo(1);
        assertThat(charges("C")).isZero();
    }

    private void startSites() {
        TinyFederation.SITES.forEach(site -> tiny.processes().startSite(site));
        tiny.awaitConnected();
    }

    private RunSummary run(String id, Path study) {
        tiny.processes().startRun(id, study);
        assertThat(tiny.processes().watch().until(run -> run.state().terminal(), RUN))
                .as("the run ends; last seen: %s", tiny.processes().watch().newest())
                .isTrue();
        return tiny.processes().watch().newest().orElseThrow();
    }

    private int charges(String site) throws Exception {
        Finished ledger = tiny.processes()
                .launcher()
                .run(
                        "site",
                        "privacy",
                        "ledger",
                        "--home",
                        tiny.processes().siteHome(site).toString(),
                        "--json")
                .orThrow();
        return JSON.readTree(ledger.output()).path("charges").size();
    }

    /** Everybody takes part; hardly any noise beside the clip norm of 48 patients' sum. */
    private static StudyTemplate distributed() {
        return TinyFederation.template()
                .with("mode", "\"distributed\"\npatients_per_site = 12")
                .with("local_steps", "1")
                .with("sampling_rate", "1.0")
                .with("update_clip_norm", "1000000.0");
    }

    private static StudyTemplate adaptive() {
        StudyTemplate template = distributed();
        return new StudyTemplate(template.text()
                        .replace(
                                "patients_per_site = 12",
                                "patients_per_site = 12\nclip_quantile = 0.5\nclip_learning_rate = 0.3\n"
                                        + "count_noise_multiplier = 4.0"))
                .with("noise_multiplier", "0.1")
                .with("learning_rate", "0.3");
    }

    private static float[] parameters(Path safetensors) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(safetensors)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(Long.BYTES + (int) bytes.getLong(0));
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }
}
