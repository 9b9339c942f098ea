package org.commissure.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FederatedAverageTest {

    @Test
    void sitesCountByTheirWeights() {
        float[] mean = FederatedAverage.of(List.of(new float[] {1, 4}, new float[] {5, 8}), new double[] {3, 1});
        assertThat(mean).containsExactly(2, 5);
    }

    @Test
    void oneSiteIsItsOwnMeanToTheBit() {
        var random = new SplittableRandom(1);
        float[] own = new float[1000];
        for (int i = 0; i < own.length; i++) {
            own[i] = (float) random.nextGaussian();
        }
        assertThat(FederatedAverage.of(List.of(own), new double[] {7})).isEqualTo(own);
    }

    @Test
    void noWeightAtAllIsRefused() {
        assertThatThrownBy(() -> FederatedAverage.of(List.of(new float[1]), new double[] {0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weights");
    }

    @Test
    void noiseFollowsEachTensorsOwnDeviation() {
        ParameterLayout layout = new ParameterLayout.Builder()
                .add("wide", 20_000)
                .add("constant", 100)
                .build();
        float[] parameters = new float[layout.parameterCount()];
        for (int i = 0; i < 20_000; i++) {
            parameters[i] = i % 2 == 0 ? 3 : -3; // deviation 3
        }
        float[] noisy = parameters.clone();
        FederatedAverage.addNoise(layout, noisy, 0.1, new SplittableRandom(2));
        double squares = 0;
        for (int i = 0; i < 20_000; i++) {
            squares += Math.pow(noisy[i] - parameters[i], 2) / 20_000;
        }
        assertThat(Math.sqrt(squares)).isCloseTo(0.3, within(0.005));
        for (int i = 20_000; i < noisy.length; i++) {
            assertThat(noisy[i]).isZero();
        }
    }
}
