package org.commissure.models.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.AttentionMaps;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.BrainLmConfiguration.Variant;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.brainlm.Stack;
import org.commissure.models.brainlm.StepSettings;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.weights.ParameterLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our engine's hand-derived passes against libtorch's automatic differentiation. */
class EngineOracleTest {
    private static final double RELATIVE = 1e-5;

    /** What a tensor's gradient may be off by if it is small beside the whole: rounding errors are the whole's. */
    private static final double FLOOR = 1e-6;

    /** Shapes that vectors and tiles do not divide. */
    static Stream<TorchCase> shapes() {
        return Stream.of(
                shape(Variant.COMMISSURE, 5, 3, 7, new Stack(20, 2, 2, 28), new Stack(14, 1, 2, 10)),
                shape(Variant.COMMISSURE, 7, 4, 20, new Stack(36, 1, 3, 50), new Stack(10, 2, 1, 33)),
                shape(Variant.COMMISSURE, 31, 9, 13, new Stack(66, 2, 2, 130), new Stack(30, 2, 3, 61)),
                shape(Variant.COMMISSURE, 100, 6, 10, new Stack(64, 2, 4, 256), new Stack(48, 1, 4, 192)),
                withRepetitionTime(
                        shape(Variant.COMMISSURE, 9, 3, 7, new Stack(20, 2, 2, 28), new Stack(14, 1, 2, 10))),
                shape(Variant.ORIGINAL, 11, 5, 9, new Stack(22, 2, 2, 37), new Stack(22, 1, 2, 19)),
                shape(Variant.ORIGINAL, 90, 5, 20, new Stack(48, 2, 4, 96), new Stack(48, 2, 3, 96)));
    }

    private static TorchCase shape(
            Variant variant, int parcels, int patches, int frames, Stack encoder, Stack decoder) {
        BrainLmConfiguration c = TorchCase.configuration(variant, parcels, patches, frames, encoder, decoder, 0);
        TorchCase random = TorchCase.random(c, 2, 42 + parcels);
        return variant == Variant.ORIGINAL ? random.tamed() : random;
    }

    private static TorchCase withRepetitionTime(TorchCase shape) {
        return TorchCase.random(shape.configuration().withRepetitionTimeEmbedding(), 2, 77);
    }

    private static void assertSame(float[] actual, float[] expected, BrainLmConfiguration c) {
        ParameterLayout layout = c.layout();
        double whole = 0;
        for (float value : expected) {
            whole += (double) value * value;
        }
        whole = Math.sqrt(whole);
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            assertThat(Differences.norm(actual, expected, tensor))
                    .as(tensor.name())
                    .isLessThanOrEqualTo(RELATIVE * Differences.norm(expected, tensor) + FLOOR * whole);
        }
    }

    private static TrainableModel ours(TorchCase shape) {
        var model = new BrainLm(shape.configuration(), 2);
        model.loadParameters(shape.parameters());
        return model;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void gradientsAndLossesAgree(TorchCase shape) {
        try (TrainableModel ours = ours(shape);
                TorchModel oracle = shape.open()) {
            float[] actual = new float[ours.parameterCount()];
            float[] expected = new float[ours.parameterCount()];
            for (Example example : shape.examples()) {
                float[] predicted = new float[example.window().length];
                float[] oraclePredicted = predicted.clone();
                ours.logits(example, predicted);
                oracle.logits(example, oraclePredicted);
                assertClose(predicted, oraclePredicted);
                double loss = ours.gradient(example, actual);
                double oracleLoss = oracle.gradient(example, expected);
                assertThat(loss).isCloseTo(oracleLoss, within(RELATIVE * oracleLoss));
                assertSame(actual, expected, shape.configuration());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void gradientsAgreeWhereTokensAreAbsent(TorchCase shape) {
        BrainLmConfiguration c = shape.configuration();
        if (c.variant() == Variant.ORIGINAL) {
            return; // it needs every token
        }
        int[] order = IntStream.range(0, c.tokens()).toArray();
        var random = new SplittableRandom(3);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        int third = c.tokens() / 3;
        Mask mask = Mask.of(
                c.tokens(),
                java.util.Arrays.copyOf(order, third),
                java.util.Arrays.copyOfRange(order, third, 2 * third));
        Example example = new Example(shape.examples().getFirst().window(), mask, OptionalDouble.of(3));
        try (TrainableModel ours = ours(shape);
                TorchModel oracle = shape.open()) {
            float[] actual = new float[ours.parameterCount()];
            float[] expected = new float[ours.parameterCount()];
            ours.gradient(example, actual);
            oracle.gradient(example, expected);
            assertSame(actual, expected, c);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void embeddingsTheirGradientsAndAttentionAgree(TorchCase shape) {
        BrainLmConfiguration c = shape.configuration();
        float[] window = shape.examples().getFirst().window();
        OptionalDouble tr = shape.examples().getLast().repetitionTimeSeconds();
        float[] direction = new float[c.encoder().width()];
        for (int i = 0; i < direction.length; i++) {
            direction[i] = (float) Math.cos(i);
        }
        try (TrainableModel ours = ours(shape);
                TorchModel oracle = shape.open()) {
            assertClose(ours.embed(window, tr).cls(), oracle.embed(window, tr).cls());
            assertClose(ours.embed(window, tr).mean(), oracle.embed(window, tr).mean());
            float[] actual = new float[ours.parameterCount()];
            float[] expected = new float[ours.parameterCount()];
            for (Pooling pooling : Pooling.values()) {
                ours.embeddingGradient(window, tr, pooling, direction, actual);
                oracle.embeddingGradient(window, tr, pooling, direction, expected);
                assertSame(actual, expected, c);
            }
            for (int layer = 0; layer < c.encoder().layers(); layer++) {
                AttentionMaps maps = ours.attention(window, tr, layer);
                AttentionMaps oracleMaps = oracle.attention(window, tr, layer);
                assertClose(maps.cls(), oracleMaps.cls());
                assertClose(maps.parcels(), oracleMaps.parcels());
            }
        }
    }

    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-5 * (1 + Math.abs(expected[i]))));
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void clippedProximalStepsAgree(TorchCase shape) {
        var settings = new StepSettings(1e-3, 0.5, 0.1, OptionalDouble.of(0.7), 0);
        try (TrainableModel ours = ours(shape);
                TorchModel oracle = shape.open()) {
            for (TrainableModel model : List.of(ours, oracle)) {
                model.beginTraining(AdamSettings.DEFAULT.withWeightDecay(0.05));
            }
            for (int step = 0; step < 3; step++) {
                var actual = ours.step(shape.examples(), settings);
                var expected = oracle.step(shape.examples(), settings);
                assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-4 * expected.loss()));
                assertThat(actual.gradientNorm())
                        .isCloseTo(expected.gradientNorm(), within(1e-3 * expected.gradientNorm()));
            }
        }
    }
}
