package org.commissure.models.brainlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.commissure.models.evaluation.ReconstructionSums;
import org.commissure.models.weights.Optimiser;
import org.commissure.models.weights.Optimisers;
import org.junit.jupiter.api.Test;

class TrainingTest {
    private static final int PARCELS = 24;
    private static final float[][] PLACES = RandomCoordinates.of(PARCELS, 2);
    private static final BrainLmConfiguration C = new BrainLmConfiguration(PARCELS, 16, 8, 32, 1, 1, 4, 32, PLACES);

    /** Two networks split by x: half of every parcel's variance is its network's. */
    private static float[] window(RandomGenerator random) {
        float[] series = new float[PARCELS * 16];
        double[][] network = new double[2][16];
        for (double[] course : network) {
            for (int t = 0; t < 16; t++) {
                course[t] = random.nextGaussian();
            }
        }
        for (int p = 0; p < PARCELS; p++) {
            double[] course = network[PLACES[p][0] < 0 ? 0 : 1];
            for (int t = 0; t < 16; t++) {
                series[p * 16 + t] = (float) (course[t] + random.nextGaussian());
            }
        }
        return WindowPreparation.standardise(series, PARCELS, 16, 0, 16);
    }

    @Test
    void aFewHundredStepsLearnSpatiallyCorrelatedSignals() {
        var random = new SplittableRandom(8);
        float[] parameters = Initialisation.parameters(C, 1);
        float[] gradient = new float[parameters.length];
        float[] sum = new float[parameters.length];
        Optimiser optimiser = Optimisers.adam(parameters.length, 0.003);
        try (var model = new BrainLm(C)) {
            double before = heldOutR2(model, parameters);
            for (int step = 0; step < 120; step++) {
                model.loadParameters(parameters);
                java.util.Arrays.fill(sum, 0);
                for (int i = 0; i < 6; i++) {
                    model.gradient(window(random), Mask.random(C.tokens(), 0.5, random), gradient);
                    for (int j = 0; j < sum.length; j++) {
                        sum[j] += gradient[j] / 6;
                    }
                }
                optimiser.step(parameters, sum);
            }
            double after = heldOutR2(model, parameters);
            assertThat(before).isBetween(-0.1, 0.2);
            // Averaging ~6 visible parcels of the right network explains at most about .43.
            assertThat(after).isGreaterThan(before + 0.1).isGreaterThan(0.2);
        }
    }

    @Test
    void theSameSeedGivesTheSameParametersAndAnotherSeedOthers() {
        assertThat(Initialisation.parameters(C, 5)).containsExactly(Initialisation.parameters(C, 5));
        assertThat(Initialisation.parameters(C, 5)).isNotEqualTo(Initialisation.parameters(C, 6));
    }

    @Test
    void aHiddenSpaceWithoutRoomForAllDirectionsStillStartsFinite() {
        var narrow = new BrainLmConfiguration(5, 60, 20, 12, 1, 1, 3, 10, RandomCoordinates.of(5, 1));
        var single = new BrainLmConfiguration(5, 20, 20, 8, 1, 1, 2, 10, new float[5][3]);
        for (var c : new BrainLmConfiguration[] {narrow, single}) {
            ModelCase given = ModelCase.random(c, 0.5, 4);
            float[] gradient = new float[given.parameters().length];
            try (var model = new BrainLm(c)) {
                model.loadParameters(Initialisation.parameters(c, 3));
                assertThat(model.gradient(given.window(), given.mask(), gradient))
                        .isFinite();
            }
            for (float g : gradient) {
                assertThat(g).isFinite();
            }
        }
    }

    private static double heldOutR2(BrainLm model, float[] parameters) {
        var random = new SplittableRandom(99);
        var sums = new ReconstructionSums();
        float[] prediction = new float[C.windowLength()];
        model.loadParameters(parameters);
        for (int i = 0; i < 40; i++) {
            float[] window = window(random);
            Mask mask = Mask.random(C.tokens(), 0.5, random);
            model.reconstruct(window, mask, prediction);
            sums.add(C, window, prediction, mask);
        }
        assertThat(sums.r2(sums.errorParcelMean())).isLessThan(0.05);
        return sums.r2(sums.errorModel());
    }
}
