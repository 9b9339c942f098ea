package org.commissure.models.brainlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The hand-derived engine against central differences of a double-precision reference. */
class BrainLmGradientTest {
    private static final double STEP = 1e-5;

    // parcels, window, patch, hidden, encoder, decoder, heads, ff, ratio: vector tails everywhere, one and more layers,
    // one query block and several.
    static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of("odd sizes", shape(5, 9, 3, 12, 2, 1, 3, 10), 0.5),
                Arguments.of("two decoder layers", shape(4, 10, 5, 18, 1, 2, 2, 21), 0.75),
                Arguments.of("one patch, one visible", shape(3, 7, 7, 6, 1, 1, 1, 5), 0.6),
                Arguments.of("repetition time", shape(5, 9, 3, 12, 2, 1, 3, 10).withRepetitionTimeEmbedding(), 0.5));
    }

    private static BrainLmConfiguration shape(
            int parcels, int window, int patch, int hidden, int encoder, int decoder, int heads, int ff) {
        return new BrainLmConfiguration(
                parcels, window, patch, hidden, encoder, decoder, heads, ff, RandomCoordinates.of(parcels, 5));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void everyParameterTensorHasTheGradientThatTheReferenceHas(String name, BrainLmConfiguration c, double ratio) {
        ModelCase given = ModelCase.random(c, ratio, 11);
        float[] gradient = new float[given.parameters().length];
        double loss;
        try (var model = new BrainLm(c)) {
            model.loadParameters(given.parameters());
            loss = model.gradient(given.example(), gradient);
        }
        double[] exact = doubles(given.parameters());
        var reference = new DoubleReference(c, exact, ModelCase.REPETITION_TIME_SECONDS);
        assertThat(loss).isCloseTo(reference.loss(given.window(), given.mask()), relative(1e-5));
        double whole = 0;
        for (float g : gradient) {
            whole += (double) g * g;
        }
        for (var tensor : BrainLmLayout.of(c).tensors()) {
            double difference = 0;
            double size = 0;
            for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
                double expected = slope(reference, exact, i, given);
                difference += square(gradient[i] - expected);
                size += square(expected);
            }
            // A key's bias has no gradient at all (softmax ignores a common shift), hence the absolute part.
            assertThat(Math.sqrt(difference))
                    .as("%s of %s", tensor.name(), name)
                    .isLessThan(2e-5 * Math.sqrt(size) + 2e-6 * Math.sqrt(whole));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void predictionsAreThoseOfTheReference(String name, BrainLmConfiguration c, double ratio) {
        ModelCase given = ModelCase.random(c, ratio, 12);
        comparePredictions(name, given);
    }

    @org.junit.jupiter.api.Test
    void severalQueryBlocksPredictWhatTheReferencePredicts() {
        var c = new BrainLmConfiguration(41, 12, 3, 16, 1, 1, 2, 24, RandomCoordinates.of(41, 3));
        comparePredictions("164 tokens", ModelCase.random(c, 0.3, 13));
    }

    private static void comparePredictions(String name, ModelCase given) {
        BrainLmConfiguration c = given.configuration();
        float[] prediction = new float[c.windowLength()];
        try (var model = new BrainLm(c)) {
            model.loadParameters(given.parameters());
            model.reconstruct(given.example(), prediction);
        }
        double[][] expected = new DoubleReference(c, doubles(given.parameters()), ModelCase.REPETITION_TIME_SECONDS)
                .predict(given.window(), given.mask());
        for (int i = 0; i < given.mask().maskedCount(); i++) {
            int token = given.mask().masked(i);
            for (int t = 0; t < c.patchFrames(); t++) {
                assertThat((double) prediction[token * c.patchFrames() + t])
                        .as("token %d of %s", token, name)
                        .isCloseTo(expected[token][t], org.assertj.core.data.Offset.offset(2e-5));
            }
        }
        for (int i = 0; i < given.mask().visibleCount(); i++) {
            int at = given.mask().visible(i) * c.patchFrames();
            assertThat(prediction[at]).isEqualTo(given.window()[at]);
        }
    }

    private static double slope(DoubleReference reference, double[] parameters, int i, ModelCase given) {
        double kept = parameters[i];
        parameters[i] = kept + STEP;
        double up = reference.loss(given.window(), given.mask());
        parameters[i] = kept - STEP;
        double down = reference.loss(given.window(), given.mask());
        parameters[i] = kept;
        return (up - down) / (2 * STEP);
    }

    private static double[] doubles(float[] values) {
        double[] copy = new double[values.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = values[i];
        }
        return copy;
    }

    private static double square(double x) {
        return x * x;
    }

    private static org.assertj.core.data.Percentage relative(double share) {
        return org.assertj.core.data.Percentage.withPercentage(100 * share);
    }
}
