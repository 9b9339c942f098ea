package org.commissure.models.brainlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.commissure.models.weights.ParameterLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Slopes with respect to the window, against differences. */
class InputGradientTest {
    private static final float STEP = 1e-3f;
    private static final OptionalDouble SECONDS = OptionalDouble.of(ModelCase.REPETITION_TIME_SECONDS);

    static Stream<BrainLmConfiguration> shapes() {
        var plain = new BrainLmConfiguration(5, 9, 3, 12, 2, 1, 3, 10, RandomCoordinates.of(5, 5));
        return Stream.of(
                plain,
                plain.withRepetitionTimeEmbedding(),
                new BrainLmConfiguration(4, 10, 5, 18, 1, 2, 2, 21, RandomCoordinates.of(4, 5)));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void everyVisibleValueHasTheSlopeThatTheDoubleReferenceHas(BrainLmConfiguration c) {
        ModelCase given = ModelCase.random(c, 0.5, 11);
        float[] gradient = new float[c.windowLength()];
        double loss;
        try (var model = new BrainLm(c, 2)) {
            model.loadParameters(given.parameters());
            loss = model.inputGradient(given.example(), gradient);
        }
        double[] exact = IntStream.range(0, given.parameters().length)
                .mapToDouble(i -> given.parameters()[i])
                .toArray();
        var reference = new DoubleReference(c, exact, ModelCase.REPETITION_TIME_SECONDS);
        assertThat(loss).isCloseTo(reference.loss(given.window(), given.mask()), within(1e-5 * loss));
        double difference = 0;
        double size = 0;
        for (int i = 0; i < given.mask().visibleCount(); i++) {
            for (int t = 0; t < c.patchFrames(); t++) {
                int at = given.mask().visible(i) * c.patchFrames() + t;
                double expected = slope(given.window(), at, w -> reference.loss(w, given.mask()));
                difference += Math.pow(gradient[at] - expected, 2);
                size += expected * expected;
            }
        }
        assertThat(size).isGreaterThan(1e-6);
        assertThat(Math.sqrt(difference)).isLessThan(2e-4 * Math.sqrt(size));
        for (int i = 0; i < given.mask().maskedCount(); i++) {
            assertThat(gradient[given.mask().masked(i) * c.patchFrames()]).isZero();
        }
    }

    private static double slope(float[] window, int at, ToDoubleFunction<float[]> f) {
        float[] moved = window.clone();
        moved[at] = window[at] + STEP;
        float up = moved[at];
        double above = f.applyAsDouble(moved);
        moved[at] = window[at] - STEP;
        return (above - f.applyAsDouble(moved)) / (up - moved[at]);
    }

    @ParameterizedTest
    @EnumSource(Pooling.class)
    void anEmbeddingHasTheSlopeOfItsDifferences(Pooling pooling) {
        var c = new BrainLmConfiguration(5, 9, 3, 12, 2, 1, 3, 10, RandomCoordinates.of(5, 5));
        ModelCase given = ModelCase.random(c, 0.5, 11);
        try (var model = new BrainLm(c)) {
            model.loadParameters(given.parameters());
            embeddingSlope(model, given.window(), pooling, 12);
        }
    }

    @Test
    void theOriginalsConvolutionIsTakenBackToo() {
        var c = new BrainLmConfiguration(
                BrainLmConfiguration.Variant.ORIGINAL,
                6,
                12,
                4,
                new Stack(16, 2, 2, 24),
                new Stack(16, 1, 2, 24),
                Loss.MSE,
                1e-12,
                0,
                0.5,
                RandomCoordinates.of(6, 3));
        ModelCase given = ModelCase.random(c, 0.5, 7);
        try (var model = new BrainLm(c)) {
            model.loadParameters(given.parameters());
            embeddingSlope(model, given.window(), Pooling.MEAN, 16);
        }
    }

    @ParameterizedTest
    @EnumSource(VitMaeConfiguration.Mode.class)
    void anImagesSlopesReachTheWindow(VitMaeConfiguration.Mode mode) {
        var c = new VitMaeConfiguration(
                6, 12, 16, 4, new Stack(12, 1, 3, 16), new Stack(8, 1, 2, 12), mode, 1e-6, 0.5, 2, new int[] {
                    3, 1, 0, 2, 5, 4
                });
        var random = new SplittableRandom(4);
        float[] window = new float[c.windowLength()];
        for (int i = 0; i < window.length; i++) {
            window[i] = (float) random.nextGaussian();
        }
        float[] parameters = new float[c.layout().parameterCount()];
        for (ParameterLayout.Tensor tensor : c.layout().tensors()) {
            boolean scale = tensor.name().contains("norm") && tensor.name().endsWith("weight");
            for (int i = 0; i < tensor.length(); i++) {
                parameters[tensor.offset() + i] = (float) ((scale ? 1 : 0) + 0.3 * random.nextGaussian());
            }
        }
        try (var model = new BrainLm(c, 2, false)) {
            model.loadParameters(parameters);
            embeddingSlope(model, window, Pooling.MEAN, 12);
            Mask mask = mode == VitMaeConfiguration.Mode.AUTO_ENCODE
                    ? Mask.random(c.tokens(), 0.5, random)
                    : c.lastFramesMask();
            float[] gradient = new float[window.length];
            model.inputGradient(new Example(window, mask), gradient);
            Sight[] sight = c.sight(mask);
            float[] direction = new float[window.length];
            for (int i = 0; i < direction.length; i++) {
                direction[i] = sight[i] == Sight.VISIBLE ? (float) random.nextGaussian() : 0;
                if (sight[i] != Sight.VISIBLE) {
                    assertThat(gradient[i]).isZero();
                }
            }
            float[] unused = new float[window.length];
            isTheSlope(gradient, window, direction, w -> model.reconstruct(new Example(w, mask), unused));
        }
    }

    private static void embeddingSlope(BrainLm model, float[] window, Pooling pooling, int width) {
        var random = new SplittableRandom(3);
        float[] weights = new float[width];
        float[] direction = new float[window.length];
        for (int j = 0; j < width; j++) {
            weights[j] = (float) random.nextGaussian();
        }
        for (int i = 0; i < direction.length; i++) {
            direction[i] = (float) random.nextGaussian();
        }
        float[] gradient = new float[window.length];
        model.embeddingInputGradient(window, SECONDS, pooling, weights, gradient);
        isTheSlope(gradient, window, direction, w -> {
            Embedding embedding = model.embed(w, SECONDS);
            float[] values = pooling == Pooling.CLS ? embedding.cls() : embedding.mean();
            return IntStream.range(0, width)
                    .mapToDouble(j -> (double) weights[j] * values[j])
                    .sum();
        });
    }

    /** The model's own single precision limits the difference, hence its wide step. */
    private static void isTheSlope(float[] gradient, float[] window, float[] direction, ToDoubleFunction<float[]> f) {
        double step = 5e-3;
        double expected = 0;
        double norm = 0;
        double length = 0;
        for (int i = 0; i < gradient.length; i++) {
            expected += (double) gradient[i] * direction[i];
            norm += (double) gradient[i] * gradient[i];
            length += (double) direction[i] * direction[i];
        }
        double measured =
                (f.applyAsDouble(along(window, direction, step)) - f.applyAsDouble(along(window, direction, -step)))
                        / (2 * step);
        assertThat(norm).isGreaterThan(1e-8);
        assertThat(measured).isCloseTo(expected, within(5e-3 * Math.sqrt(norm * length)));
        assertThat(Math.abs(expected)).isGreaterThan(2e-2 * Math.sqrt(norm * length)); // so that 0 would not pass
    }

    private static float[] along(float[] window, float[] direction, double step) {
        float[] moved = window.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (step * direction[i]);
        }
        return moved;
    }
}
