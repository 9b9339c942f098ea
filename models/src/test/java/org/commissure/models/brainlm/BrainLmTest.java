package org.commissure.models.brainlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BrainLmTest {
    private static final BrainLmConfiguration CONFIGURATION =
            new BrainLmConfiguration(7, 12, 4, 16, 1, 1, 2, 20, RandomCoordinates.of(7, 1));
    private static final ModelCase GIVEN = ModelCase.random(CONFIGURATION, 0.5, 3);

    @Test
    void theSameInputsGiveTheSameBits() {
        float[] first = new float[GIVEN.parameters().length];
        float[] second = first.clone();
        double firstLoss;
        double secondLoss;
        try (var model = new BrainLm(CONFIGURATION)) {
            model.loadParameters(GIVEN.parameters());
            firstLoss = model.gradient(GIVEN.window(), GIVEN.mask(), first);
        }
        try (var model = new BrainLm(CONFIGURATION)) {
            model.loadParameters(GIVEN.parameters());
            // Long enough that the kernels are compiled, and with other work in between.
            for (int i = 0; i < 1500; i++) {
                model.gradient(GIVEN.window(), Mask.random(21, 0.3, new SplittableRandom(i)), second);
            }
            secondLoss = model.gradient(GIVEN.window(), GIVEN.mask(), second);
        }
        assertThat(second).containsExactly(first);
        assertThat(secondLoss).isEqualTo(firstLoss);
    }

    @Test
    void maskedValuesDoNotReachThePrediction() {
        float[] prediction = new float[CONFIGURATION.windowLength()];
        float[] other = prediction.clone();
        float[] changed = GIVEN.window().clone();
        for (int i = 0; i < GIVEN.mask().maskedCount(); i++) {
            changed[GIVEN.mask().masked(i) * 4 + 1] += 100;
        }
        try (var model = new BrainLm(CONFIGURATION)) {
            model.loadParameters(GIVEN.parameters());
            model.reconstruct(GIVEN.window(), GIVEN.mask(), prediction);
            model.reconstruct(changed, GIVEN.mask(), other);
        }
        for (int i = 0; i < GIVEN.mask().maskedCount(); i++) {
            int at = GIVEN.mask().masked(i) * 4;
            assertThat(other[at + 1]).isEqualTo(prediction[at + 1]);
        }
    }

    @Test
    void aWindowWithNanIsRefused() {
        float[] window = GIVEN.window().clone();
        window[5] = Float.NaN;
        try (var model = loaded()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.gradient(window, GIVEN.mask(), new float[model.parameterCount()]))
                    .withMessageContaining("window has a value that is NaN");
        }
    }

    @Test
    void wrongLengthsAreRefusedWithTheExpectedOne() {
        try (var model = loaded()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.loadParameters(new float[3]))
                    .withMessageContaining("" + model.parameterCount());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.gradient(new float[83], GIVEN.mask(), new float[model.parameterCount()]))
                    .withMessageContaining("84");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.gradient(GIVEN.window(), GIVEN.mask(), new float[1]));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.reconstruct(GIVEN.window(), GIVEN.mask(), new float[1]));
        }
    }

    @Test
    void aMaskOfAnotherShapeIsRefused() {
        try (var model = loaded()) {
            Mask mask = Mask.random(20, 0.5, new SplittableRandom(1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.gradient(GIVEN.window(), mask, new float[model.parameterCount()]))
                    .withMessageContaining("20 tokens");
        }
    }

    @Test
    void parametersWithInfinityAreRefused() {
        float[] parameters = GIVEN.parameters().clone();
        parameters[9] = Float.POSITIVE_INFINITY;
        try (var model = new BrainLm(CONFIGURATION)) {
            assertThatIllegalArgumentException().isThrownBy(() -> model.loadParameters(parameters));
        }
    }

    @Test
    void aModelWithoutParametersOrClosedRefusesToWork() {
        var model = new BrainLm(CONFIGURATION);
        float[] out = new float[model.parameterCount()];
        assertThatIllegalStateException().isThrownBy(() -> model.gradient(GIVEN.window(), GIVEN.mask(), out));
        model.loadParameters(GIVEN.parameters());
        model.close();
        model.close();
        assertThatIllegalStateException().isThrownBy(() -> model.gradient(GIVEN.window(), GIVEN.mask(), out));
    }

    private static BrainLm loaded() {
        var model = new BrainLm(CONFIGURATION);
        model.loadParameters(GIVEN.parameters());
        return model;
    }
}
