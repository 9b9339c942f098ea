package org.commissure.models.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.Sight;
import org.commissure.models.brainlm.Stack;
import org.commissure.models.brainlm.VitMaeConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReconstructionSumsTest {
    // Two parcels, four patches of two frames.
    private static final BrainLmConfiguration C =
            new BrainLmConfiguration(2, 8, 2, 4, 1, 1, 1, 4, new float[][] {{0, 0, 0}, {1, 0, 0}});
    private static final Mask MASK = Mask.hiding(new boolean[] {true, false, true, false, true, true, true, true});
    private static final float[] WINDOW = {4, 3, 1, 2, 9, 9, 5, 6, /* second parcel */ 1, -1, 1, -1, 1, -1, 1, -1};

    @Test
    void baselinesSeeVisiblePatchesOnly() {
        var sums = new ReconstructionSums();
        sums.add(C, WINDOW, new float[16], MASK);
        assertThat(sums.values()).isEqualTo(12);
        assertThat(sums.sum()).isEqualTo(25);
        assertThat(sums.sumOfSquares()).isEqualTo(16 + 9 + 81 + 81 + 8);
        assertThat(sums.errorModel()).isEqualTo(sums.sumOfSquares());
        // First parcel: visible mean (1 + 2 + 5 + 6) / 4 = 3.5; second: nothing visible, so 0.
        assertThat(sums.errorParcelMean()).isEqualTo(0.25 + 0.25 + 2 * 30.25 + 8);
        // First parcel: 1 held before, then the line from 2 to 5 gives 3 and 4; second: 0.
        assertThat(sums.errorInterpolation()).isCloseTo(9 + 4 + 36 + 25 + 8, within(1e-4));
    }

    @Test
    void aPerfectPredictionHasRSquaredOne() {
        var sums = new ReconstructionSums();
        sums.add(C, WINDOW, WINDOW, MASK);
        assertThat(sums.r2(sums.errorModel())).isEqualTo(1);
        assertThat(sums.r2(sums.errorParcelMean())).isLessThan(1);
    }

    @Test
    void absentTokensAreNeitherSeenNorPredicted() {
        // As above without the second parcel, and with the first parcel's last patch (5, 6) as padding.
        Mask mask = Mask.of(8, new int[] {1}, new int[] {0, 2});
        var sums = new ReconstructionSums();
        sums.add(C, WINDOW, new float[16], mask);
        assertThat(sums.values()).isEqualTo(4);
        assertThat(sums.errorParcelMean()).isEqualTo(2.5 * 2.5 + 1.5 * 1.5 + 2 * 7.5 * 7.5);
        // 1 held before, 2 held after: nothing is known of 5.
        assertThat(sums.errorInterpolation()).isEqualTo(9 + 4 + 2 * 49);
    }

    @Test
    void parcelsAddUpToTheWhole() {
        var all = new ReconstructionSums();
        all.add(C, WINDOW, new float[16], MASK);
        ReconstructionSums[] byParcel = {new ReconstructionSums(), new ReconstructionSums()};
        ReconstructionSums.addByParcel(byParcel, C, WINDOW, new float[16], MASK);
        assertThat(byParcel[1].values()).isEqualTo(8);
        byParcel[0].add(byParcel[1]);
        assertThat(byParcel[0].values()).isEqualTo(all.values());
        assertThat(byParcel[0].errorParcelMean()).isEqualTo(all.errorParcelMean());
    }

    @Test
    void sumsOfTwoAccumulatorsAdd() {
        var one = new ReconstructionSums();
        one.add(C, WINDOW, new float[16], MASK);
        var both = new ReconstructionSums();
        both.add(one);
        both.add(one);
        assertThat(both.values()).isEqualTo(24);
        assertThat(both.errorInterpolation()).isEqualTo(2 * one.errorInterpolation());
    }

    @Test
    void aPredictionThatIsNotFiniteIsRefusedAndNothingIsAdded() {
        float[] prediction = new float[16];
        prediction[0] = Float.NaN;
        var sums = new ReconstructionSums();
        assertThatIllegalArgumentException().isThrownBy(() -> sums.add(C, WINDOW, prediction, MASK));
        assertThat(sums.values()).isZero();
    }

    @Test
    void rSquaredOfNothingIsRefused() {
        assertThatIllegalStateException().isThrownBy(() -> new ReconstructionSums().r2(0));
    }

    /** The engine counts hidden pixels of an image, the sums hidden values of a window: both errors must be one. */
    @ParameterizedTest
    @EnumSource(VitMaeConfiguration.Mode.class)
    void hiddenValuesOfAnImageAreThoseThatTheEngineScores(VitMaeConfiguration.Mode mode) {
        var c = new VitMaeConfiguration(
                6, 10, 12, 4, new Stack(8, 1, 2, 12), new Stack(12, 1, 3, 10), mode, 1e-6, 0.6, 2, new int[] {
                    3, 1, 0, 2, 5, 4
                });
        Mask mask = mode == VitMaeConfiguration.Mode.AUTO_ENCODE
                ? Mask.random(c.tokens(), 0.6, new SplittableRandom(5))
                : c.lastFramesMask();
        float[] window = new float[60];
        for (int i = 0; i < window.length; i++) {
            window[i] = (float) Math.sin(i * i);
        }
        float[] prediction = new float[60];
        double error;
        try (var model = new BrainLm(c, 1, false)) {
            model.loadParameters(Initialisation.parameters(c, 1));
            error = model.reconstruct(window, mask, prediction);
        }
        var sums = new ReconstructionSums();
        sums.add(c, window, prediction, mask);
        // The engine's error is in the units of the divided image.
        assertThat(sums.errorModel() / sums.values()).isCloseTo(error * 4, within(1e-5 * error));
        Sight[] sight = c.sight(mask);
        for (int i = 0; i < sight.length; i++) {
            assertThat(prediction[i] == window[i]).isEqualTo(sight[i] == Sight.VISIBLE);
        }
    }

    @Test
    void theFutureOfAnImageIsItsLastColumnsOfTokens() {
        // Frames lie in columns 1 to 10 of twelve: tokens of columns 0 to 3, 4 to 7, 8 to 11.
        var c = new VitMaeConfiguration(
                6,
                10,
                12,
                4,
                new Stack(8, 1, 2, 12),
                new Stack(12, 1, 3, 10),
                VitMaeConfiguration.Mode.AUTO_ENCODE,
                1e-6,
                0.6,
                2,
                new int[] {3, 1, 0, 2, 5, 4});
        Sight[] sight = c.sight(c.futureMask(1));
        for (int i = 0; i < sight.length; i++) {
            assertThat(sight[i]).isEqualTo(i % 10 >= 7 ? Sight.MASKED : Sight.VISIBLE);
        }
    }
}
