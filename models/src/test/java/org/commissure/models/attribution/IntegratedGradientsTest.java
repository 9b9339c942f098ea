package org.commissure.models.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IntegratedGradientsTest {
    /** {@code x₀² + 3·x₁·x₂}: by hand, attributions are x₀², 1.5·x₁x₂ and 1.5·x₁x₂. */
    private static double polynomial(float[] x, float[] gradient) {
        gradient[0] = 2 * x[0];
        gradient[1] = 3 * x[2];
        gradient[2] = 3 * x[1];
        return x[0] * x[0] + 3 * x[1] * x[2];
    }

    @Test
    void attributionsOfAPolynomialAreThoseByHand() {
        IntegratedGradients found =
                IntegratedGradients.of(IntegratedGradientsTest::polynomial, new float[] {2, 1, -1}, 1e-6, 64);
        assertThat(found.attributions()).containsExactly(new float[] {4, -1.5f, -1.5f}, within(1e-5f));
        assertThat(found.difference()).isCloseTo(1, within(1e-6));
        assertThat(found.error()).isLessThan(1e-6);
        assertThat(found.points()).isEqualTo(16);
    }

    @Test
    void aSteepFunctionIsIntegratedMoreFinely() {
        Explained steep = (x, gradient) -> {
            double y = Math.tanh(60 * (x[0] - 0.503));
            gradient[0] = (float) (60 * (1 - y * y));
            return y;
        };
        IntegratedGradients coarse = IntegratedGradients.of(steep, new float[] {1}, 1e-4, 16);
        IntegratedGradients fine = IntegratedGradients.of(steep, new float[] {1}, 1e-4, 512);
        assertThat(coarse.points()).isEqualTo(16);
        assertThat(coarse.error()).isGreaterThan(1e-3);
        assertThat(fine.points()).isGreaterThan(16);
        assertThat(fine.error()).isLessThan(1e-4);
    }

    @Test
    void smoothGradIsTheSlopeOfALinearFunctionWhateverTheNoise() {
        Explained linear = (x, gradient) -> {
            gradient[0] = 2;
            gradient[1] = -1;
            return 2 * x[0] - x[1];
        };
        assertThat(SmoothGradient.of(linear, new float[] {5, 1}, 0.3, 7, new SplittableRandom(1)))
                .containsExactly(2, -1);
        // The slope of x² at noisy copies of 3 is 6 on average.
        Explained square = (x, gradient) -> {
            gradient[0] = 2 * x[0];
            gradient[1] = 0;
            return x[0] * x[0];
        };
        assertThat(SmoothGradient.of(square, new float[] {3, 0}, 0.2, 4_000, new SplittableRandom(2))[0])
                .isCloseTo(6, within(0.1f));
    }

    @Test
    void parcelsAreSumsOverFrames() {
        float[] values = {1, -2, 3, -4};
        assertThat(ParcelMaps.net(values, 2)).containsExactly(-1, -1);
        assertThat(ParcelMaps.size(values, 2)).containsExactly(3, 7);
        assertThat(ParcelMaps.received(values, 2)).containsExactly(3, -2);
    }

    @Test
    void networksOfEqualParcelsAllCountOneAndSumsAddUp() {
        int[] labels = {1, 1, 2, 0, 7};
        double[][] maps = {{2, 2, 2, 2, 2}, {3, 3, 3, 3, 3}};
        NetworkRollUp relative = NetworkRollUp.relative(maps, labels, 1);
        assertThat(relative.networks())
                .hasSize(4)
                .allSatisfy(share -> assertThat(share.value().estimate()).isEqualTo(1));
        assertThat(relative.networks().getLast().network()).isZero();
        NetworkRollUp sums = NetworkRollUp.sums(maps, labels, 1);
        assertThat(sums.networks().getFirst().value().estimate()).isEqualTo(5);
        assertThat(sums.networks().stream()
                        .mapToDouble(share -> share.value().estimate())
                        .sum())
                .isCloseTo(12.5, within(1e-12));
        assertThat(sums.networks().getFirst().value().low()).isEqualTo(4);
        assertThat(sums.networks().getFirst().value().high()).isEqualTo(6);
    }
}
