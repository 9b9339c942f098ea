package org.commissure.models.multisite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.evaluation.Bootstrap;
import org.commissure.models.evaluation.ReconstructionSums;
import org.commissure.models.training.Masking;
import org.commissure.models.training.Scan;
import org.commissure.models.training.TrainingPlan;
import org.junit.jupiter.api.Test;

class MultiSiteReconstructionTest {
    private static final int PARCELS = 16;
    private static final BrainLmConfiguration SHAPE =
            new BrainLmConfiguration(PARCELS, 24, 8, 32, 1, 1, 4, 32, places());

    @Test
    void sharedSignalsAreReconstructedByEveryStrategy() throws Exception {
        List<ReconstructionSite> sites = List.of(site("A", 0.9, 1), site("B", 0.9, 2));
        Map<String, List<PatientSums>> scores = run(sites, TrainingPlan.of(80, 8, 0.003, new Masking.Random(0.5), 3));
        assertThat(scores.keySet()).containsExactly("untrained", "trained at A", "trained at B", "federated", "pooled");
        scores.forEach((model, bySite) -> bySite.forEach(site -> {
            assertThat(site.byPatient()).hasSize(8);
            if (!model.equals(MultiSiteReconstruction.UNTRAINED)) {
                Bootstrap.Interval gain = site.differenceInterval(
                        ReconstructionSums::errorModel, site, ReconstructionSums::errorParcelMean, 1);
                assertThat(gain.low()).as(model).isGreaterThan(0.1);
            }
        }));
    }

    @Test
    void whiteNoiseGivesAnR2OfZero() throws Exception {
        List<ReconstructionSite> sites = List.of(site("A", 0, 1), site("B", 0, 2));
        Map<String, List<PatientSums>> scores = run(sites, TrainingPlan.of(80, 8, 0.003, new Masking.Random(0.5), 3));
        for (String model : List.of("trained at A", "trained at B", "federated", "pooled")) {
            for (PatientSums site : scores.getOrDefault(model, List.of())) {
                assertThat(site.r2(ReconstructionSums::errorModel)).as(model).isCloseTo(0, within(0.05));
            }
        }
    }

    @Test
    void withOneSiteAllThreeAreTheSameToTheBit() throws Exception {
        Map<String, List<PatientSums>> scores =
                run(List.of(site("A", 0.9, 1)), TrainingPlan.of(10, 4, 0.003, new Masking.Random(0.5), 3));
        double single = r2(scores, "trained at A");
        assertThat(r2(scores, "federated")).isEqualTo(single);
        assertThat(r2(scores, "pooled")).isEqualTo(single);
    }

    private static double r2(Map<String, List<PatientSums>> scores, String model) {
        return scores.getOrDefault(model, List.of()).getFirst().r2(ReconstructionSums::errorModel);
    }

    private static Map<String, List<PatientSums>> run(List<ReconstructionSite> sites, TrainingPlan plan)
            throws Exception {
        try (BrainLm model = new BrainLm(SHAPE)) {
            return new MultiSiteReconstruction(model, sites, plan, 4, 2, (stage, done, all) -> {})
                    .run(Initialisation.parameters(SHAPE, 1));
        }
    }

    private static ReconstructionSite site(String name, double shared, long seed) {
        List<Scan> scans = IntStream.range(0, 24)
                .mapToObj(i -> (Scan) new Made(shared, seed * 100 + i))
                .toList();
        return new ReconstructionSite(name, scans.subList(0, 16), scans.subList(16, 24));
    }

    /** Two networks by place, each a slow course, and every parcel's own noise. */
    private record Made(double shared, long seed) implements Scan {
        @Override
        public int parcels() {
            return PARCELS;
        }

        @Override
        public int frames() {
            return 60;
        }

        @Override
        public float[] load() {
            var random = new SplittableRandom(seed);
            float[] series = new float[PARCELS * frames()];
            double[] network = new double[2];
            for (int t = 0; t < frames(); t++) {
                for (int k = 0; k < 2; k++) {
                    network[k] = 0.8 * network[k] + 0.6 * random.nextGaussian();
                }
                for (int p = 0; p < PARCELS; p++) {
                    double own = random.nextGaussian();
                    series[p * frames() + t] = (float) (shared * network[p % 2] + Math.sqrt(1 - shared * shared) * own);
                }
            }
            return series;
        }
    }

    private static float[][] places() {
        var random = new SplittableRandom(2);
        float[][] places = new float[PARCELS][3];
        for (int p = 0; p < PARCELS; p++) {
            places[p][0] = p % 2 == 0 ? -40 : 40;
            places[p][1] = (float) (60 * random.nextGaussian());
            places[p][2] = (float) (40 * random.nextGaussian());
        }
        return places;
    }
}
