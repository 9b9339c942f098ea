package org.commissure.deploy.regional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.commissure.coordinator.round.RegionalScores;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.protocol.study.RegionalVectors;
import org.commissure.site.regional.RegionalCohort;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A study of kind regional from start to report, with real processes. */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RegionalFederationTest {
    private static final RegionalVectors VECTORS = new RegionalVectors(RegionalFederation.REGIONS, 200, false, 0);
    private static final int WINDOW = 15;
    private static final double CLIP = 12;
    private static final double NOISE_MULTIPLIER = 1;

    private RegionalFederation federation;
    private RunSummary plain;
    private RunSummary noised;

    @BeforeAll
    void run(@TempDir Path folder) throws IOException {
        federation = new RegionalFederation(folder);
        plain = federation.run("plain", RegionalFederation.withSitesConnectomes(RegionalFederation.template()));
        noised = federation.run("noised", RegionalFederation.template().with("mode", "\"local\""));
    }

    @AfterAll
    void stop() {
        federation.close();
    }

    @Test
    void theSumsEqualThoseOfThePooledPatients() throws IOException {
        float[] published = federation.published("plain");
        RegionalCohort pool = federation.pool("plain");
        assertThat(plain.state()).isEqualTo(RunOutcome.FINISHED);
        assertMeansEqual(published, 0, PooledStatistics.of(pool.training(), WINDOW, VECTORS.bins(), CLIP));
        assertMeansEqual(
                published, VECTORS.part(), PooledStatistics.of(pool.validation(), WINDOW, VECTORS.bins(), CLIP));
    }

    @Test
    void theConnectomesOfTheTwoSitesThatHaveThemEqualThosePooled() throws IOException {
        double[] pooled = Connectomes.pooled(federation.pool("plain").training());
        assertThat(pooled[0]).isGreaterThan(10);
        assertMeansEqual(
                federation.published("plain"),
                new RegionalVectors(RegionalFederation.REGIONS, 200, true, 0).structureOffset(),
                pooled);
    }

    private static void assertMeansEqual(float[] published, int offset, double[] pooled) {
        assertThat((double) published[offset]).isEqualTo(pooled[0]);
        for (int i = 1; i < pooled.length; i++) {
            assertThat(Math.abs(published[offset + i] - pooled[i]) / pooled[0])
                    .as("mean %d", i)
                    .isLessThan(1e-6);
        }
    }

    @Test
    void withPrivacyTheErrorOfTheSumsIsTheOneThatTheNoisePredicts() throws IOException {
        float[] published = federation.published("noised");
        double[] pooled = PooledStatistics.of(federation.pool("noised").training(), WINDOW, VECTORS.bins(), CLIP);
        double root = Math.sqrt(RegionalFederation.FITTING_SITES.size());
        double square = 0;
        for (int i = 1; i <= VECTORS.pairs(); i++) {
            square += Math.pow(published[i] - pooled[i], 2);
        }
        double predicted = NOISE_MULTIPLIER * CLIP * root;
        // 45 pairs: the root mean square of that many normal numbers lies within 45 % but once in 10^5.
        assertThat(Math.sqrt(square / VECTORS.pairs())).isBetween(0.55 * predicted, 1.45 * predicted);
        double bins = 0;
        for (int i = 1 + VECTORS.pairs(); i < VECTORS.part(); i++) {
            bins += Math.pow(published[i] - pooled[i], 2);
        }
        double predictedBin = NOISE_MULTIPLIER * Math.sqrt(2) * root;
        assertThat(Math.sqrt(bins / VECTORS.bins())).isBetween(0.75 * predictedBin, 1.25 * predictedBin);
    }

    @Test
    void everyStepIsReleasedByTheSitesOfOneRepetitionTime() {
        for (RunSummary run : List.of(plain, noised)) {
            assertThat(run.state()).as(run.reason()).isEqualTo(RunOutcome.FINISHED);
            assertThat(run.history())
                    .allSatisfy(round ->
                            assertThat(round.survivors()).containsExactlyElementsOf(RegionalFederation.FITTING_SITES));
        }
    }

    @Test
    void theFitIsScoredOnTheExternalCohortsBesideTheHomogeneousModel() {
        RegionalScores scores = Objects.requireNonNull(plain.history().getLast().regional());
        assertThat(scores.sites()).isEqualTo(RegionalFederation.FITTING_SITES.size());
        assertThat(scores.candidates())
                .extracting(RegionalScores.Candidate::name)
                .startsWith("fit", "homogeneous");
        for (RegionalScores.Candidate candidate : scores.candidates()) {
            assertThat(candidate.r().mean()).isBetween(-1.0, 1.0);
            assertThat(candidate.r().low()).isLessThan(candidate.r().high());
            assertThat(candidate.ks().mean()).isBetween(0.0, 1.0);
            assertThat(candidate.total().mean())
                    .isCloseTo(
                            1 - candidate.r().mean() + candidate.ks().mean(),
                            org.assertj.core.data.Offset.offset(1e-6));
        }
    }

    @Test
    void aSiteOfAnotherRepetitionTimeIsRefusedWithTheReason() {
        assertThat(LogReader.read(federation.processes().log()))
                .filteredOn(logged -> logged.entry().getAction().equals("invitation.refused"))
                .extracting(logged -> logged.entry().getDetail())
                .isNotEmpty()
                .allSatisfy(detail -> assertThat(detail).contains("repetition time", "1.50 s", "2.00 s"));
    }

    @Test
    void onlyTheNoisedStatisticsAreChargedAndOnlyOnce() {
        List<LoggedEntry> charges = LogReader.read(federation.processes().log()).stream()
                .filter(logged -> logged.entry().getAction().equals("privacy.charged"))
                .toList();
        assertThat(charges).hasSize(RegionalFederation.FITTING_SITES.size()).allSatisfy(charge -> {
            assertThat(charge.entry().getRunId()).isEqualTo("noised");
            assertThat(charge.entry().getRound()).isEqualTo(1);
        });
    }
}
