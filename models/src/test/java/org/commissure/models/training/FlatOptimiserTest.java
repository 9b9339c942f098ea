package org.commissure.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.weights.ParameterLayout;
import org.junit.jupiter.api.Test;

class FlatOptimiserTest {
    private static final ParameterLayout LAYOUT =
            new ParameterLayout.Builder().add("w", 2).build();

    @Test
    void momentumKeepsAVelocity() {
        float[] w = {1};
        FlatOptimiser sgd = FlatOptimiser.sgd(1, 0.5);
        sgd.step(w, new float[] {2}, 1, 0.1); // v = 2
        assertThat(w[0]).isCloseTo(0.8f, within(1e-6f));
        sgd.step(w, new float[] {0.5f}, 2, 0.1); // v = 2
        assertThat(w[0]).isCloseTo(0.6f, within(1e-6f));
    }

    @Test
    void anOptimiserWithTheStateOfAnotherGoesOnToTheSameBits() {
        for (List<FlatOptimiser> pair : List.of(
                List.of(FlatOptimiser.sgd(2, 0.9), FlatOptimiser.sgd(2, 0.9)),
                List.of(
                        FlatOptimiser.adam(LAYOUT, AdamSettings.DEFAULT),
                        FlatOptimiser.adam(LAYOUT, AdamSettings.DEFAULT)))) {
            float[] one = {1, -1};
            pair.getFirst().step(one, new float[] {0.3f, 7}, 1, 0.1);
            float[] other = one.clone();
            pair.getLast().load(pair.getFirst().state());
            pair.getFirst().step(one, new float[] {-2, 0.5f}, 1, 0.05);
            pair.getLast().step(other, new float[] {-2, 0.5f}, 1, 0.05);
            assertThat(other).containsExactly(one);
        }
    }

    @Test
    void wrongLengthsAndMomentaAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlatOptimiser.sgd(2, 0).step(new float[2], new float[3], 1, 0.1));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        FlatOptimiser.adam(LAYOUT, AdamSettings.DEFAULT).step(new float[3], new float[3], 1, 0.1));
        assertThatIllegalArgumentException().isThrownBy(() -> FlatOptimiser.sgd(2, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> FlatOptimiser.sgd(2, Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        FlatOptimiser.sgd(2, 0).load(FlatOptimiser.sgd(3, 0).state()));
    }
}
