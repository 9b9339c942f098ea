package org.commissure.models.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.AttentionMaps;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.brainlm.Stack;
import org.commissure.models.brainlm.StepResult;
import org.commissure.models.brainlm.StepSettings;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.brainlm.VitMaeConfiguration;
import org.commissure.models.brainlm.VitMaeConfiguration.Mode;
import org.commissure.models.reference.ReferenceNumbers;
import org.commissure.models.weights.ParameterLayout;
import org.commissure.models.weights.WeightImport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The ViT-MAE of our engine against libtorch's automatic differentiation, and libtorch's against the original. */
class ImageOracleTest {
    private static final double RELATIVE = 1e-5;

    /** What a tensor's gradient may be off by if it is small beside the whole: rounding errors are the whole's. */
    private static final double FLOOR = 1e-6;

    /** Parameters far from any special point, two windows. */
    private record Case(VitMaeConfiguration configuration, float[] parameters, List<Example> examples) {
        static Case of(VitMaeConfiguration c, long seed) {
            var random = new SplittableRandom(seed);
            float[] parameters = new float[c.layout().parameterCount()];
            for (ParameterLayout.Tensor tensor : c.layout().tensors()) {
                double spread = tensor.shape().size() > 1
                        ? 1.2
                                / Math.sqrt((double) tensor.length()
                                        / tensor.shape().getFirst())
                        : 0.3;
                double centre = tensor.name().contains("norm") && tensor.name().endsWith("weight") ? 1 : 0;
                for (int i = 0; i < tensor.length(); i++) {
                    parameters[tensor.offset() + i] = (float) (centre + spread * random.nextGaussian());
                }
            }
            List<Example> examples = new ArrayList<>();
            for (int e = 0; e < 2; e++) {
                float[] window = new float[c.windowLength()];
                for (int i = 0; i < window.length; i++) {
                    window[i] = (float) random.nextGaussian();
                }
                Mask mask = c.mode() == Mode.AUTO_ENCODE
                        ? Mask.shuffled(c.tokens(), c.maskRatio(), random)
                        : c.lastFramesMask();
                examples.add(new Example(window, mask));
            }
            return new Case(c, parameters, examples);
        }

        TrainableModel ours() {
            var model = new BrainLm(configuration, 2, false);
            model.loadParameters(parameters);
            return model;
        }

        TorchModel oracle() {
            TorchModel model = TorchModel.onCpu(configuration, 1, Precision.FLOAT32);
            model.loadParameters(parameters);
            return model;
        }

        @Override
        public String toString() {
            return configuration.mode() + ", " + configuration.parcels() + " parcels × " + configuration.windowFrames()
                    + " frames in " + configuration.imageSize();
        }
    }

    /** Shapes that vectors and tiles do not divide; borders on all sides. */
    static Stream<Case> shapes() {
        return Stream.of(Mode.values())
                .flatMap(mode -> Stream.of(
                        Case.of(configuration(mode, 6, 10, 12, 4, new Widths(8, 1, 2, 12, 12, 2, 3, 10)), 5),
                        Case.of(configuration(mode, 25, 41, 45, 5, new Widths(36, 2, 3, 50, 20, 1, 2, 33)), 6)));
    }

    /** Encoder and decoder: width, layers, heads, feed-forward. */
    private record Widths(int w, int l, int h, int f, int dw, int dl, int dh, int df) {}

    private static VitMaeConfiguration configuration(
            Mode mode, int parcels, int frames, int image, int patch, Widths s) {
        int[] order = IntStream.range(0, parcels).map(i -> parcels - 1 - i).toArray();
        return new VitMaeConfiguration(
                parcels,
                frames,
                image,
                patch,
                new Stack(s.w, s.l, s.h, s.f),
                new Stack(s.dw, s.dl, s.dh, s.df),
                mode,
                1e-6,
                mode == Mode.AUTO_ENCODE ? 0.6 : 0.4,
                2,
                order);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void predictionsLossesAndGradientsAgree(Case shape) {
        VitMaeConfiguration c = shape.configuration();
        try (TrainableModel ours = shape.ours();
                TorchModel oracle = shape.oracle()) {
            for (Example example : shape.examples()) {
                float[] actual = new float[c.windowLength()];
                float[] expected = new float[c.windowLength()];
                ours.logits(example.window(), example.mask(), actual);
                oracle.logits(example.window(), example.mask(), expected);
                assertClose(actual, expected);
                double error = ours.reconstruct(example.window(), example.mask(), actual);
                double oracleError = oracle.reconstruct(example.window(), example.mask(), expected);
                assertClose(actual, expected);
                assertThat(error).isCloseTo(oracleError, within(RELATIVE * oracleError));
                float[] gradient = new float[ours.parameterCount()];
                float[] oracleGradient = new float[ours.parameterCount()];
                double loss = ours.gradient(example.window(), example.mask(), gradient);
                double oracleLoss = oracle.gradient(example.window(), example.mask(), oracleGradient);
                assertThat(loss).isCloseTo(oracleLoss, within(RELATIVE * oracleLoss));
                assertSame(gradient, oracleGradient, c.layout());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void embeddingsTheirGradientsAndAttentionAgree(Case shape) {
        VitMaeConfiguration c = shape.configuration();
        float[] window = shape.examples().getFirst().window();
        float[] direction = new float[c.encoder().width()];
        for (int i = 0; i < direction.length; i++) {
            direction[i] = (float) Math.cos(i);
        }
        try (TrainableModel ours = shape.ours();
                TorchModel oracle = shape.oracle()) {
            assertClose(ours.embed(window).cls(), oracle.embed(window).cls());
            assertClose(ours.embed(window).mean(), oracle.embed(window).mean());
            float[] actual = new float[ours.parameterCount()];
            float[] expected = new float[ours.parameterCount()];
            for (Pooling pooling : Pooling.values()) {
                ours.embeddingGradient(window, pooling, direction, actual);
                oracle.embeddingGradient(window, pooling, direction, expected);
                assertSame(actual, expected, c.layout());
            }
            for (int layer = 0; layer < c.encoder().layers(); layer++) {
                AttentionMaps maps = ours.attention(window, layer);
                AttentionMaps oracleMaps = oracle.attention(window, layer);
                assertClose(maps.cls(), oracleMaps.cls());
                assertClose(maps.parcels(), oracleMaps.parcels());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void stepsOnABatchAgree(Case shape) {
        try (TrainableModel ours = shape.ours();
                TorchModel oracle = shape.oracle()) {
            for (OptionalDouble clip : List.of(OptionalDouble.empty(), OptionalDouble.of(0.7))) {
                var settings = new StepSettings(1e-3, 0.5, 0.1, clip, 0);
                for (TrainableModel model : List.of(ours, oracle)) {
                    model.loadParameters(shape.parameters());
                    model.beginTraining(AdamSettings.DEFAULT.withWeightDecay(0.05));
                }
                for (int step = 0; step < 3; step++) {
                    StepResult actual = ours.step(shape.examples(), settings);
                    StepResult expected = oracle.step(shape.examples(), settings);
                    assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-4 * expected.loss()));
                    assertThat(actual.gradientNorm())
                            .isCloseTo(expected.gradientNorm(), within(1e-3 * expected.gradientNorm()));
                }
            }
        }
    }

    @Test
    void masksThatHideNoDataOrLeaveTokensOutAreRefused() {
        Case shape = Case.of(configuration(Mode.AUTO_ENCODE, 4, 4, 12, 4, new Widths(8, 1, 2, 12, 12, 1, 3, 10)), 7);
        float[] window = shape.examples().getFirst().window();
        boolean[] corner = new boolean[9];
        corner[0] = true;
        for (TrainableModel each : List.of(shape.ours(), shape.oracle())) {
            try (TrainableModel model = each) {
                float[] out = new float[model.parameterCount()];
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> model.gradient(window, Mask.hiding(corner), out))
                        .withMessageContaining("hides border only");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> model.gradient(window, Mask.of(9, new int[] {1}, new int[] {4}), out))
                        .withMessageContaining("covers 2 tokens, but the model's images have 9");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void everyModeReproducesTheOriginal(Mode mode) throws IOException {
        Path folder = ReferenceNumbers.folder(
                "reference/brainlm/vitmae_tiny/" + mode.name().toLowerCase(Locale.ROOT));
        JsonNode manifest =
                new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
        var c = new VitMaeConfiguration(
                424,
                200,
                432,
                16,
                new Stack(32, 2, 4, 64),
                new Stack(24, 1, 3, 48),
                mode,
                1e-12,
                manifest.at("/config/mask_ratio").asDouble(),
                1,
                IntStream.range(0, 424).toArray());
        Mask mask = mode == Mode.AUTO_ENCODE
                ? Mask.ofNoise(ReferenceNumbers.floats(folder.resolve("inputs/noise.npy")), c.maskRatio())
                : c.lastFramesMask();
        float[] window = ReferenceNumbers.floats(folder.resolve("inputs/image_424x200.npy"));
        float[] expected = ReferenceNumbers.floats(folder.resolve("outputs/logits_424x200.npy"));
        float[] logits = new float[window.length];
        float[] gradient = new float[c.layout().parameterCount()];
        double loss;
        try (TorchModel model = TorchModel.onCpu(c, 2, Precision.FLOAT32)) {
            model.loadParameters(WeightImport.read(folder.resolve("weights.safetensors"), c.layout())
                    .parameters());
            loss = model.gradient(window, mask, gradient);
            model.logits(window, mask, logits);
        }
        assertThat(loss).isCloseTo(manifest.get("loss").asDouble(), within(1e-5 * loss));
        for (int i = 0; i < expected.length; i++) {
            assertThat(logits[i]).isCloseTo(expected[i], within(2e-5f));
        }
        for (ParameterLayout.Tensor tensor : c.layout().tensors()) {
            double norm = manifest.get("grad_l2").get(tensor.name()).asDouble();
            assertThat(Differences.norm(gradient, tensor))
                    .as(tensor.name())
                    .isCloseTo(norm, within(1e-3 * norm + 1e-9));
        }
    }

    private static void assertSame(float[] actual, float[] expected, ParameterLayout layout) {
        double squares = 0;
        for (float value : expected) {
            squares += (double) value * value;
        }
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            assertThat(Differences.norm(actual, expected, tensor))
                    .as(tensor.name())
                    .isLessThanOrEqualTo(RELATIVE * Differences.norm(expected, tensor) + FLOOR * Math.sqrt(squares));
        }
    }

    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(2e-5 * (1 + Math.abs(expected[i]))));
        }
    }
}
