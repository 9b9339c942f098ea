package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.commissure.coordinator.federation.TestFederation.eventually;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.commissure.coordinator.cli.TestCli;
import org.commissure.coordinator.round.EvaluationSummary;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.round.Studies;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LogVerification;
import org.commissure.privacy.audit.LogVerifier;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.StepFailed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs over real gRPC, mutual TLS and SQLite, with sites in the same JVM. */
@Timeout(120)
class FederationTest {
    @TempDir
    Path folder;

    private RunSummary run(TestFederation federation, float[] parameters, String text) throws Exception {
        federation.start(text, parameters, "run-1");
        return awaitEnd(federation);
    }

    private static RunSummary awaitEnd(TestFederation federation) throws Exception {
        Path card = federation.home.runs().resolve("run-1/model-card.md");
        eventually(() -> Files.exists(card));
        return TestCli.status(federation.home);
    }

    private static void assertMean(float[] before, float[] after, List<FakeSite> survivors) {
        assertMean(before, after, survivors, 20);
    }

    private static void assertMean(float[] before, float[] after, List<FakeSite> survivors, int scaleLog2) {
        double weights = survivors.stream().mapToDouble(site -> site.weight).sum();
        for (int i = 0; i < before.length; i++) {
            double mean = 0;
            for (FakeSite site : survivors) {
                mean += site.weight * site.update[i] / weights;
            }
            // Each site rounds once, by less than 2^-scale; the sum is divided by Σw/W; parameters are float32.
            double resolution = survivors.size() * Math.scalb(1.0, -scaleLog2) / (weights / 64) * 2 + 1e-6;
            assertThat(after[i]).isCloseTo((float) (before[i] + mean), within((float) resolution));
        }
    }

    @Test
    void aRunWithOneVanishedSiteGivesTheExactMeanOfTheOthers() throws Exception {
        try (TestFederation federation = new TestFederation(folder, "A", "B", "C", "D")) {
            federation.connectAll();
            federation.sites.get(1).breaksUpload = true;
            federation.sites.get(3).vanishesBeforeUpload = true;
            float[] before = new float[TestFederation.PARAMETERS];
            RunSummary summary = run(federation, before, Studies.text(1, 2, 20));

            assertThat(summary.state()).isEqualTo(RunOutcome.FINISHED);
            RoundSummary round = summary.history().getLast();
            assertThat(round.survivors()).containsExactly("A", "B", "C");
            Path left = federation.home.runs().resolve("run-1");
            assertMean(before, TestFederation.read(left.resolve("model.safetensors")), federation.sites.subList(0, 3));
            assertThat(left.resolve("config.json")).content().contains("\"window_frames\" : 4");
            assertThat(left.resolve("study.toml")).content().contains("Test study");
            EvaluationSummary initial =
                    Objects.requireNonNull(summary.history().getFirst().evaluation());
            assertThat(initial.sites()).isEqualTo(4);
            assertThat(initial.values()).isEqualTo(40);
            // Per site Σy = 20, Σy² = 50 over 10 values: SST = 50 − 40 = 10; SSE = 4, 8, 6.
            assertThat(initial.r2()).isCloseTo(0.6, within(1e-9));
            assertThat(initial.r2ParcelMean()).isCloseTo(0.2, within(1e-9));
            assertThat(initial.mseInterpolation()).isCloseTo(0.6, within(1e-9));
            assertThat(federation.sites.get(1).seen).contains("RESUMED");
            assertThat(federation.sites.get(0).finished.await(10, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(federation.sites.get(0).released).hasSize(3);
        }
        LogVerification verification = LogVerifier.verify(folder.resolve("coordinator/log"));
        assertThat(verification.ok()).as(verification.toString()).isTrue();
        assertThat(LogReader.read(folder.resolve("coordinator/log")))
                .extracting(entry -> entry.entry().getAction())
                .contains(
                        "federation.created",
                        "site.invited",
                        "site.enrolled",
                        "run.started",
                        "roster.fixed",
                        "upload.completed",
                        "site.dropped",
                        "survivors.agreed",
                        "sum.released",
                        "model.released",
                        "evaluation.released",
                        "run.finished");
    }

    @Test
    void aSumInTheRingOf64BitsIsExactAtAScaleThat32BitsCannotHold() throws Exception {
        try (TestFederation federation = new TestFederation(folder, "A", "B", "C")) {
            federation.connectAll();
            float[] before = new float[TestFederation.PARAMETERS];
            String fine = Studies.text(1, 1, 20).replace("scale_log2 = 20", "scale_log2 = 40");
            Path study = Files.writeString(folder.resolve("fine.toml"), fine);
            assertThat(TestCli.error(
                            "run",
                            "start",
                            "--home",
                            federation.home.folder().toString(),
                            "--study",
                            study.toString(),
                            "--model",
                            federation.model(before).toString()))
                    .contains("does not fit the ring of 32-bit integers")
                    .contains("scale_log2 to at most 29");

            RunSummary summary = run(federation, before, fine.replace("ring_bits = 32", "ring_bits = 64"));
            assertThat(summary.state()).isEqualTo(RunOutcome.FINISHED);
            Path model = federation.home.runs().resolve("run-1/model.safetensors");
            assertMean(before, TestFederation.read(model), federation.sites, 40);
        }
        assertThat(LogReader.read(folder.resolve("coordinator/log")))
                .filteredOn(entry -> entry.entry().getAction().equals("upload.completed"))
                .extracting(entry -> entry.entry().getFact(0).getValue())
                .contains(Integer.toString((TestFederation.PARAMETERS + 1) * Long.BYTES));
    }

    @Test
    void aReleasedSumIsCheckedByEverySurvivorWhereTheStudyAsksForIt() throws Exception {
        String checked = Studies.text(1, 1, 20).replace("ring_bits = 32", "ring_bits = 32\nsum_check = true");
        try (TestFederation federation = new TestFederation(folder, "A", "B", "C", "D")) {
            federation.connectAll();
            federation.sites.get(3).vanishesBeforeUpload = true;
            float[] before = new float[TestFederation.PARAMETERS];
            RunSummary summary = run(federation, before, checked);
            assertThat(summary.state()).isEqualTo(RunOutcome.FINISHED);
            for (FakeSite site : federation.sites.subList(0, 3)) {
                eventually(() -> site.seen.containsAll(List.of("CHECKED TRAIN", "CHECKED EVALUATE")));
            }
        }
        assertThat(LogReader.read(folder.resolve("coordinator/log")))
                .extracting(entry -> entry.entry().getAction())
                .doesNotContain("sum.unchecked");
    }

    @Test
    void aSumThatOneSurvivorDoesNotCheckIsReleasedAndTheLogSaysSo() throws Exception {
        String checked = Studies.text(1, 1, 20).replace("ring_bits = 32", "ring_bits = 32\nsum_check = true");
        try (TestFederation federation = new TestFederation(folder, "A", "B", "C", "D")) {
            federation.connectAll();
            FakeSite b = federation.sites.get(1);
            b.lie = frame -> frame.hasCheckValue()
                    ? SiteFrame.newBuilder()
                            .setStepFailed(StepFailed.newBuilder()
                                    .setSum(b.presentSum())
                                    .setStep("proved")
                                    .setReason("it does not want to"))
                            .build()
                    : frame;
            RunSummary summary = run(federation, new float[TestFederation.PARAMETERS], checked);
            assertThat(summary.state()).isEqualTo(RunOutcome.FINISHED);
        }
        assertThat(LogReader.read(folder.resolve("coordinator/log")))
                .filteredOn(entry -> entry.entry().getAction().equals("sum.unchecked"))
                .hasSize(3)
                .allSatisfy(entry -> assertThat(entry.entry().getFactList()).anySatisfy(fact -> {
                    assertThat(fact.getName()).isEqualTo("missing");
                    assertThat(fact.getValue()).isEqualTo("B");
                }));
    }

    @Test
    void aCoordinatorThatIsReopenedInTheMiddleGoesOnAndTheResultIsExact() throws Exception {
        try (TestFederation federation = new TestFederation(folder, "A", "B", "C", "D")) {
            federation.connectAll();
            federation.sites.forEach(site -> site.holdsVote = true);
            float[] before = new float[TestFederation.PARAMETERS];
            federation.start(Studies.text(1, 1, 60), before, "run-1");
            eventually(() -> TestCli.status(federation.home).phase().equals("voting"));
            federation.reopen();
            federation.sites.forEach(site -> site.holdsVote = false);
            RunSummary summary = awaitEnd(federation);
            assertThat(summary.state()).isEqualTo(RunOutcome.FINISHED);
            List<String> survivors = summary.history().getLast().survivors();
            assertThat(survivors).hasSizeGreaterThanOrEqualTo(3);
            assertMean(
                    before,
                    TestFederation.read(federation.home.runs().resolve("run-1/model.safetensors")),
                    federation.sites.stream()
                            .filter(site -> survivors.contains(site.name))
                            .toList());
        }
        assertThat(LogReader.read(folder.resolve("coordinator/log")))
                .extracting(entry -> entry.entry().getAction())
                .contains("run.resumed", "run.finished");
    }

    @Test
    void aSitesOwnEntryReachesTheLogAndItsReceiptNamesItsPlace() throws Exception {
        try (TestFederation federation = new TestFederation(folder, "A")) {
            federation.connectAll();
            FakeSite site = federation.sites.getFirst();
            site.log(site.signing()
                    .sign(LogEntries.of("cohort.sealed", Outcome.DONE, Instant.now())
                            .actor("A")
                            .build()));
            eventually(() -> site.seen.contains("LOG_RECEIPT"));
            site.log(site.signing()
                    .sign(LogEntries.of("cohort.sealed", Outcome.DONE, Instant.now())
                            .actor("B")
                            .build()));
            eventually(() -> site.seen.stream().anyMatch(text -> text.startsWith("ERROR INVALID_ARGUMENT")));
            Path log = federation.home.log();
            eventually(() -> LogReader.read(log).stream()
                    .anyMatch(entry -> entry.entry().getAction().equals("message.refused")));
        }
        List<LoggedEntry> entries = LogReader.read(folder.resolve("coordinator/log"));
        assertThat(entries).extracting(LoggedEntry::actorName).contains("A").doesNotContain("B");
        assertThat(entries).extracting(entry -> entry.entry().getAction()).contains("cohort.sealed", "message.refused");
    }

    @Test
    void aStudyThatASiteCannotAffordIsRefusedBeforeItsFirstRoundWithTheArithmetic() throws Exception {
        try (TestFederation federation = new TestFederation(folder, "A", "B", "C")) {
            federation.connectAll();
            String home = federation.home.folder().toString();
            Path model = federation.model(new float[TestFederation.PARAMETERS]);
            Path study = Files.writeString(
                    folder.resolve("study.toml"),
                    Studies.text(6, 1, 5)
                            .replace("mode = \"none\"", "mode = \"local\"")
                            .replace("noise_multiplier = 0.0", "noise_multiplier = 2.0")
                            .replace("sampling_rate = 0.5", "sampling_rate = 0.4")
                            .replace("local_steps = 1", "local_steps = 10"));
            String[] start = {"run", "start", "--home", home, "--study", "" + study, "--model", "" + model};

            federation.sites.get(1).withinBudget = false;
            assertThat(TestCli.error(start))
                    // As `privacy epsilon` says of these sixty steps, see docs/privacy-officer.md.
                    .contains("6 rounds of 10 steps", "sampling rate 0.4", "noise multiplier 2.0", "epsilon 8.966")
                    .contains("left in the privacy budget of B")
                    .contains("remedy: plan more noise");
            assertThat(federation.sites.get(1).seen).doesNotContain("INVITATION");

            federation.sites.get(1).withinBudget = true;
            assertThat(TestCli.run(start)).isZero();
            eventually(() -> federation.sites.get(1).seen.contains("INVITATION"));
        }
        assertThat(LogReader.read(folder.resolve("coordinator/log")))
                .filteredOn(entry -> entry.entry().getAction().equals("run.refused"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.entry().getDetail()).contains("epsilon 8.966", "B"));
    }

    @Test
    void aRunThatCannotStartIsRefusedWithTheReasonAndLogged() throws Exception {
        try (TestFederation federation = new TestFederation(folder, "A", "B", "C")) {
            String home = federation.home.folder().toString();
            Path model = federation.model(new float[8]);
            Path study = folder.resolve("study.toml");
            Files.writeString(study, Studies.text(1, 1, 5).replace("minimum_sites = 3", "minimum_sites = 4"));
            assertThat(TestCli.error("run", "start", "--home", home, "--study", "" + study, "--model", "" + model))
                    .contains("3 sites take part, 4 are needed")
                    .contains("remedy: enrol more sites");
            Files.writeString(study, Studies.text(1, 1, 5).replace("scale_log2 = 20", "scale_log2 = 31"));
            assertThat(TestCli.error("run", "start", "--home", home, "--study", "" + study, "--model", "" + model))
                    .contains("does not fit the ring");
            Files.writeString(study, Studies.text(1, 1, 5));
            Files.write(model, new byte[] {1, 2, 3, 4}, java.nio.file.StandardOpenOption.APPEND);
            assertThat(TestCli.error("run", "start", "--home", home, "--study", "" + study, "--model", "" + model))
                    .contains("not a safetensors file");
        }
        assertThat(LogReader.read(folder.resolve("coordinator/log")))
                .filteredOn(entry -> entry.entry().getAction().equals("run.refused"))
                .hasSize(3);
    }
}
