package org.commissure.models.brainlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepetitionTimeTest {
    private static final BrainLmConfiguration WITHOUT =
            new BrainLmConfiguration(7, 12, 4, 16, 1, 1, 2, 20, RandomCoordinates.of(7, 1));
    private static final ModelCase GIVEN = ModelCase.random(WITHOUT.withRepetitionTimeEmbedding(), 0.5, 3);

    @Test
    void theFeatureIsTheLogarithmOfTheRatioToTwoSeconds() {
        assertThat(RepetitionTime.feature(OptionalDouble.of(2))).isZero();
        assertThat((double) RepetitionTime.feature(OptionalDouble.of(1))).isCloseTo(-Math.log(2), within(1e-7));
        assertThat(RepetitionTime.feature(OptionalDouble.of(4)))
                .isEqualTo(-RepetitionTime.feature(OptionalDouble.of(1)));
    }

    @Test
    void predictionsEmbeddingsAndAttentionDependOnIt() {
        try (var model = new BrainLm(GIVEN.configuration(), 2)) {
            model.loadParameters(GIVEN.parameters());
            float[] slow = new float[GIVEN.window().length];
            float[] fast = slow.clone();
            model.reconstruct(new Example(GIVEN.window(), GIVEN.mask(), OptionalDouble.of(3)), slow);
            model.reconstruct(new Example(GIVEN.window(), GIVEN.mask(), OptionalDouble.of(0.7)), fast);
            assertThat(fast).isNotEqualTo(slow);
            assertThat(model.embed(GIVEN.window(), OptionalDouble.of(3)).cls())
                    .isNotEqualTo(
                            model.embed(GIVEN.window(), OptionalDouble.of(0.7)).cls());
            assertThat(model.attention(GIVEN.window(), OptionalDouble.of(3), 0).cls())
                    .isNotEqualTo(model.attention(GIVEN.window(), OptionalDouble.of(0.7), 0)
                            .cls());
        }
    }

    @Test
    void aNewModelStartsAsIfItDidNotKnowIt() {
        float[] start = Initialisation.parameters(GIVEN.configuration(), 5);
        float[] without = new float[GIVEN.window().length];
        float[] with = without.clone();
        try (var model = new BrainLm(WITHOUT);
                var knowing = new BrainLm(GIVEN.configuration())) {
            model.loadParameters(Initialisation.parameters(WITHOUT, 5));
            knowing.loadParameters(start);
            model.reconstruct(GIVEN.window(), GIVEN.mask(), without);
            knowing.reconstruct(new Example(GIVEN.window(), GIVEN.mask(), OptionalDouble.of(0.7)), with);
            assertThat(with).containsExactly(without);
            knowing.beginTraining(AdamSettings.DEFAULT);
            knowing.step(
                    List.of(new Example(GIVEN.window(), GIVEN.mask(), OptionalDouble.of(0.7))),
                    StepSettings.plain(1e-3));
            float[] stepped = new float[start.length];
            knowing.readParameters(stepped);
            var vector = GIVEN.configuration().layout().tensor(BrainLmLayout.ENCODER_REPETITION_TIME);
            assertThat(stepped[vector.offset()]).isNotZero();
        }
    }

    @Test
    void aModelThatEmbedsItRefusesAWindowWithoutIt() {
        try (var model = new BrainLm(GIVEN.configuration())) {
            model.loadParameters(GIVEN.parameters());
            model.beginTraining(AdamSettings.DEFAULT);
            float[] out = new float[model.parameterCount()];
            String missing = "the model embeds the repetition time, but this window's scan does not state it";
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.gradient(GIVEN.window(), GIVEN.mask(), out))
                    .withMessage(missing);
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> model.step(List.of(new Example(GIVEN.window(), GIVEN.mask())), StepSettings.plain(1)))
                    .withMessage(missing);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.embed(GIVEN.window()))
                    .withMessage(missing);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void whatIsNoRepetitionTimeIsRefused(double seconds) {
        try (var model = new BrainLm(GIVEN.configuration())) {
            model.loadParameters(GIVEN.parameters());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.embed(GIVEN.window(), OptionalDouble.of(seconds)))
                    .withMessageContaining("a repetition time of " + seconds + " s cannot be embedded");
        }
    }
}
