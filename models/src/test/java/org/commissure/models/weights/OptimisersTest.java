package org.commissure.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OptimisersTest {
    @Test
    void adamsFirstStepIsTheLearningRateWhateverTheGradient() {
        float[] w = {1, 1, 1};
        Optimisers.adam(3, 0.01).step(w, new float[] {5, -0.003f, 0});
        assertThat(w[0]).isCloseTo(0.99f, within(1e-6f));
        assertThat(w[1]).isCloseTo(1.01f, within(1e-6f));
        assertThat(w[2]).isEqualTo(1);
    }

    @Test
    void adamFollowsItsDefinitionOverSeveralSteps() {
        float[] gradients = {0.5f, -1, 0.25f};
        float[] w = {0};
        Optimiser adam = Optimisers.adam(1, 0.1);
        double m = 0;
        double v = 0;
        double expected = 0;
        for (int t = 1; t <= 3; t++) {
            double g = gradients[t - 1];
            adam.step(w, new float[] {(float) g});
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            expected -= 0.1 * (m / (1 - Math.pow(0.9, t))) / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-8);
        }
        assertThat((double) w[0]).isCloseTo(expected, within(1e-6));
    }

    @Test
    void wrongLengthsAndRatesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimisers.adam(2, 0.1).step(new float[2], new float[3]));
        assertThatIllegalArgumentException().isThrownBy(() -> Optimisers.adam(2, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> Optimisers.adam(2, 0));
    }
}
