package org.commissure.models.brainlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.commissure.models.weights.ParameterLayout;
import org.junit.jupiter.api.Test;

class PresetsTest {
    private static final float[][] COORDINATES = new float[424][3];

    @Test
    void thePublishedModelHasItsPublishedSize() {
        ModelConfiguration model = Presets.named(Presets.BRAINLM_13M, COORDINATES, 200, 20);
        ParameterLayout layout = model.layout();
        assertThat(layout.parameterCount()).isEqualTo(13_429_292);
        assertThat(layout.tensors().stream()
                        .filter(tensor -> tensor.name().startsWith("decoder.decoder_pred."))
                        .mapToInt(ParameterLayout.Tensor::length)
                        .sum())
                .isEqualTo(393_984);
        assertThat(model.tokens()).isEqualTo(4_240);
        assertThat(model.maskRatio()).isEqualTo(0.2);
    }

    @Test
    void everyNameIsAModelOfTheGivenWindows() {
        for (String name : Presets.names()) {
            ModelConfiguration model = Presets.named(name, COORDINATES, 200, 20);
            assertThat(model.parcels()).isEqualTo(424);
            assertThat(model.windowLength()).isEqualTo(84_800);
        }
    }

    @Test
    void anUnknownNameAndAWindowThatDoesNotFitAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Presets.named("brainlm", COORDINATES, 200, 20))
                .withMessageContaining("there is no preset 'brainlm'; there are commissure-small");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Presets.named(Presets.BRAINLM_13M, COORDINATES, 200, 10))
                .withMessageContaining("patches of 20 frames, not 10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Presets.named(Presets.COMMISSURE_BASE, COORDINATES, 210, 20))
                .withMessageContaining("not a multiple");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Presets.named(Presets.COMMISSURE_SMALL, new float[0][3], 200, 20))
                .withMessageContaining("parcels = 0");
    }
}
