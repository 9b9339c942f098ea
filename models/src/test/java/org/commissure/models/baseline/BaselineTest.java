package org.commissure.models.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.SplittableRandom;
import org.commissure.models.baseline.BaselineConfiguration.Family;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BaselineTest {

    @ParameterizedTest
    @EnumSource(Family.class)
    void theSameInputsGiveTheSameBits(Family family) {
        var given = BaselineCase.random(family, 3);
        float[] first = new float[given.parameters().length];
        float[] second = first.clone();
        double firstLoss;
        double secondLoss;
        try (var model = loaded(given)) {
            firstLoss = model.gradient(given.window(), given.mask(), first);
        }
        try (var model = loaded(given)) {
            for (int i = 0; i < 20; i++) {
                model.gradient(given.window(), Mask.random(24, 0.3, new SplittableRandom(i)), second);
                model.reconstruct(given.window(), given.mask(), new float[given.window().length]);
            }
            secondLoss = model.gradient(given.window(), given.mask(), second);
        }
        assertThat(second).containsExactly(first);
        assertThat(secondLoss).isEqualTo(firstLoss);
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void onlyVisibleValuesReachThePrediction(Family family) {
        var given = BaselineCase.random(family, 4);
        int p = given.configuration().patchFrames();
        boolean[] visible = new boolean[given.configuration().tokens()];
        for (int i = 0; i < given.mask().visibleCount(); i++) {
            visible[given.mask().visible(i)] = true;
        }
        float[] changed = given.window().clone();
        for (int i = 0; i < changed.length; i++) {
            changed[i] += visible[i / p] ? 0 : 100;
        }
        float[] prediction = new float[changed.length];
        float[] same = prediction.clone();
        float[] other = prediction.clone();
        try (var model = loaded(given)) {
            model.reconstruct(given.window(), given.mask(), prediction);
            model.reconstruct(changed, given.mask(), same);
            changed[given.mask().visible(0) * p] += 1;
            model.reconstruct(changed, given.mask(), other);
        }
        float largest = 0;
        for (int i = 0; i < given.mask().maskedCount(); i++) {
            int at = given.mask().masked(i) * p;
            assertThat(same[at]).isEqualTo(prediction[at]);
            largest = Math.max(largest, Math.abs(other[at] - prediction[at]));
        }
        assertThat(largest).isGreaterThan(1e-4f);
        int seen = given.mask().visible(0) * p + 1;
        assertThat(prediction[seen]).isEqualTo(given.window()[seen]);
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void parametersThatWereReplacedLeaveNoTrace(Family family) {
        var given = BaselineCase.random(family, 5);
        float[] initial = BaselineInitialisation.parameters(given.configuration(), 9);
        float[] expected = new float[initial.length];
        float[] actual = new float[initial.length];
        try (var model = Baselines.open(given.configuration())) {
            model.loadParameters(initial);
            model.gradient(given.window(), given.mask(), expected);
            model.loadParameters(given.parameters());
            model.gradient(given.window(), given.mask(), actual);
            assertThat(actual).isNotEqualTo(expected);
            model.loadParameters(initial);
            model.gradient(given.window(), given.mask(), actual);
            assertThat(actual).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void badInputIsRefusedAndSaysWhatWasExpected(Family family) {
        var given = BaselineCase.random(family, 6);
        float[] out = new float[given.parameters().length];
        float[] notANumber = given.window().clone();
        notANumber[5] = Float.NaN;
        float[] infinite = given.parameters().clone();
        infinite[2] = Float.NEGATIVE_INFINITY;
        try (var model = loaded(given)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.loadParameters(new float[3]))
                    .withMessageContaining("" + model.parameterCount());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.loadParameters(infinite))
                    .withMessageContaining("infinite");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.gradient(new float[47], given.mask(), out))
                    .withMessageContaining("48");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.gradient(notANumber, given.mask(), out))
                    .withMessageContaining("NaN");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.gradient(given.window(), given.mask(), new float[1]));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.reconstruct(given.window(), given.mask(), new float[1]));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.gradient(given.window(), Mask.future(5, 4, 1), out))
                    .withMessageContaining("20 tokens");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.gradient(given.window(), Mask.none(24), out))
                    .withMessageContaining("hides no token");
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void aModelWithoutParametersOrClosedRefusesToWork(Family family) {
        var given = BaselineCase.random(family, 7);
        var model = Baselines.open(given.configuration());
        float[] out = new float[model.parameterCount()];
        assertThatIllegalStateException().isThrownBy(() -> model.gradient(given.window(), given.mask(), out));
        model.loadParameters(given.parameters());
        model.close();
        model.close();
        assertThatIllegalStateException().isThrownBy(() -> model.gradient(given.window(), given.mask(), out));
        assertThatIllegalStateException().isThrownBy(() -> model.loadParameters(given.parameters()));
    }

    private static MaskedAutoencoder loaded(BaselineCase given) {
        var model = Baselines.open(given.configuration());
        model.loadParameters(given.parameters());
        return model;
    }
}
