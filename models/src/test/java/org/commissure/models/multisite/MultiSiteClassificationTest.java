package org.commissure.models.multisite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.commissure.models.evaluation.Bootstrap;
import org.junit.jupiter.api.Test;

/** What the comparison must find, in made-up connectivity whose answer is known. */
class MultiSiteClassificationTest {
    private static final int PAIRS = 60;
    private static final ClassificationDesign DESIGN =
            new ClassificationDesign(5, 16, 0.5, 60, 20, 16, 3e-3, 0.05, 0.01, 4);

    /** For what does not depend on learning anything. */
    private static final ClassificationDesign SHORT =
            new ClassificationDesign(5, 16, 0.5, 8, 3, 16, 3e-3, 0.05, 0.01, 4);

    @Test
    void aPlantedDifferenceIsFoundByEveryStrategy() {
        Map<Strategy, List<StrategyScores>> scores = run(List.of(site("A", 60, 1.2, 1), site("B", 40, 1.2, 2)), DESIGN);
        assertThat(scores.keySet()).extracting(Strategy::kind).contains(Strategy.Kind.values());
        scores.forEach((strategy, bySite) -> bySite.forEach(site -> {
            if (!site.predictions().isEmpty()) {
                assertThat(site.accuracy()).as(strategy.toString()).isGreaterThan(0.8);
                assertThat(site.auc()).as(strategy.toString()).isGreaterThan(0.85);
                assertThat(site.accuracyInterval(1).low())
                        .as(strategy.toString())
                        .isGreaterThan(0.6);
            }
        }));
    }

    @Test
    void withoutADifferenceAccuracyIsNearTheMajorityAndTheIntervalSaysSo() {
        List<ConnectivitySite> sites = List.of(site("A", 100, 0, 5), site("B", 80, 0, 6));
        run(sites, DESIGN).forEach((strategy, bySite) -> {
            for (int s = 0; s < 2; s++) {
                if (!bySite.get(s).predictions().isEmpty()) {
                    double majority = sites.get(s).majorityShare();
                    Bootstrap.Interval interval = bySite.get(s).accuracyInterval(1);
                    assertThat(interval.low()).as(strategy + " seeds 5, 6").isLessThan(majority);
                    assertThat(bySite.get(s).auc()).as(strategy + " seeds 5, 6").isBetween(0.33, 0.67);
                }
            }
        });
    }

    @Test
    void everyPatientIsPredictedOnceAndACrossModelNeverAtHome() {
        List<ConnectivitySite> sites = List.of(site("A", 30, 1, 1), site("B", 20, 1, 2));
        run(sites, SHORT).forEach((strategy, bySite) -> {
            for (int s = 0; s < 2; s++) {
                boolean home = strategy.trainingSite().equals(sites.get(s).name());
                assertThat(bySite.get(s).predictions())
                        .as(strategy.toString())
                        .hasSize(home ? 0 : sites.get(s).patients().size());
            }
        });
    }

    @Test
    void aFederationOfOneSiteIsSingleToTheBit() {
        Map<Strategy, List<StrategyScores>> scores = run(List.of(site("A", 30, 0.5, 1)), SHORT);
        List<StrategyScores> single = scores.get(Strategy.of(Strategy.Kind.SINGLE));
        assertThat(scores.get(Strategy.of(Strategy.Kind.FEDERATED))).isEqualTo(single);
        assertThat(scores.get(Strategy.of(Strategy.Kind.MIX))).isEqualTo(single);
        assertThat(scores.get(Strategy.of(Strategy.Kind.FEDERATED_WITH_NOISE))).isNotEqualTo(single);
    }

    @Test
    void theSeedGivesTheSameTable() {
        List<ConnectivitySite> sites = List.of(site("A", 20, 0.5, 1), site("B", 20, 0.5, 2));
        assertThat(run(sites, SHORT)).isEqualTo(run(sites, SHORT));
    }

    @Test
    void progressEndsWithAllSteps() {
        List<ConnectivitySite> sites = List.of(site("A", 20, 0.5, 1), site("B", 20, 0.5, 2));
        var last = new AtomicLong();
        var all = new AtomicLong();
        try (var comparison = new MultiSiteClassification(sites, SHORT, (stage, done, of) -> {
            assertThat(done).isEqualTo(last.get() + 1);
            last.set(done);
            all.set(of);
        })) {
            comparison.run();
        }
        assertThat(last.get()).isEqualTo(all.get());
    }

    private static Map<Strategy, List<StrategyScores>> run(List<ConnectivitySite> sites, ClassificationDesign design) {
        try (var comparison = new MultiSiteClassification(sites, design, (stage, done, all) -> {})) {
            return comparison.run();
        }
    }

    /** Class 1 has larger values in the first pairs; every patient and every site has an offset of its own. */
    private static ConnectivitySite site(String name, int patients, double effect, long seed) {
        var random = new SplittableRandom(seed);
        float offset = (float) random.nextGaussian();
        List<ConnectivityPatient> all = new ArrayList<>();
        for (int i = 0; i < patients; i++) {
            int label = i % 5 < 3 ? 0 : 1;
            float[] scan = new float[PAIRS];
            for (int j = 0; j < PAIRS; j++) {
                scan[j] = (float) (offset + random.nextGaussian() + (j < 12 ? effect * label : 0));
            }
            float[][] windows = new float[4][PAIRS];
            for (float[] window : windows) {
                for (int j = 0; j < PAIRS; j++) {
                    window[j] = (float) (scan[j] + 0.5 * random.nextGaussian());
                }
            }
            all.add(new ConnectivityPatient(name + i, label, windows, scan));
        }
        return new ConnectivitySite(name, all);
    }
}
