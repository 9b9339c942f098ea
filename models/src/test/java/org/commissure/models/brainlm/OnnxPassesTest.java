package org.commissure.models.brainlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.commissure.models.baseline.BaselineConfiguration;
import org.commissure.models.onnx.OnnxGraph;
import org.commissure.models.onnx.OnnxRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What ONNX Runtime makes of the file, beside the engine's own pass. */
final class OnnxPassesTest {
    private static final double TOLERANCE = 1e-4;

    @TempDir
    Path folder;

    /** Shapes that a federation uses, and the original's blocks. */
    private enum Shape {
        SMALL,
        REPETITION_TIME,
        ORIGINAL;

        BrainLmConfiguration configuration() {
            int parcels = this == SMALL ? 200 : 12;
            float[][] places = new float[parcels][3];
            SplittableRandom random = new SplittableRandom(4);
            for (float[] place : places) {
                for (int axis = 0; axis < 3; axis++) {
                    place[axis] = (float) (100 * random.nextDouble() - 50);
                }
            }
            BrainLmConfiguration.Variant variant =
                    this == ORIGINAL ? BrainLmConfiguration.Variant.ORIGINAL : BrainLmConfiguration.Variant.COMMISSURE;
            Stack decoder = this == ORIGINAL ? new Stack(64, 2, 4, 128) : new Stack(32, 2, 4, 96);
            BrainLmConfiguration c = new BrainLmConfiguration(
                    variant, parcels, 160, 20, new Stack(64, 3, 4, 128), decoder, Loss.MSE, 1e-6, 0, 0.75, places);
            return this == REPETITION_TIME ? c.withRepetitionTimeEmbedding() : c;
        }

        OptionalDouble repetitionTime() {
            return this == REPETITION_TIME ? OptionalDouble.of(0.72) : OptionalDouble.empty();
        }
    }

    /** Not the first parameters, in which much is zero. */
    private static float[] parameters(BrainLmConfiguration c) {
        float[] parameters = Initialisation.parameters(c, 3);
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += (float) (0.05 * random.nextGaussian());
        }
        return parameters;
    }

    private static float[] window(BrainLmConfiguration c, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] window = new float[c.windowLength()];
        for (int i = 0; i < window.length; i++) {
            window[i] = (float) random.nextGaussian();
        }
        return window;
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void embeddingsAreTheEngines(Shape shape) throws Exception {
        BrainLmConfiguration c = shape.configuration();
        float[] parameters = parameters(c);
        OnnxGraph graph = new OnnxGraph("encoder");
        OnnxPasses.Pooled pooled = OnnxPasses.of(graph, c, parameters).embeddings();
        graph.output("cls", pooled.cls(), "batch", c.encoder().width());
        graph.output("mean", pooled.mean(), "batch", c.encoder().width());
        Path file = folder.resolve("encoder.onnx");
        graph.write(file, "test", Map.of("preset", "test"));
        float[] first = window(c, 1);
        float[] second = window(c, 2);
        try (OnnxRun run = new OnnxRun(file);
                BrainLm model = new BrainLm(c)) {
            run.windows(c, first, second);
            shape.repetitionTime().ifPresent(run::repetitionTime);
            model.loadParameters(parameters);
            float[][] cls = (float[][]) run.result("cls");
            float[][] mean = (float[][]) run.result("mean");
            compare(cls[0], model.embed(first, shape.repetitionTime()).cls());
            compare(mean[0], model.embed(first, shape.repetitionTime()).mean());
            compare(mean[1], model.embed(second, shape.repetitionTime()).mean());
            assertThat(mean[0]).isNotEqualTo(mean[1]);
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void predictionsOfMaskedPatchesAreTheEngines(Shape shape) throws Exception {
        BrainLmConfiguration c = shape.configuration();
        float[] parameters = parameters(c);
        OnnxGraph graph = new OnnxGraph("reconstruction");
        String predicted = OnnxPasses.of(graph, c, parameters).reconstruction();
        graph.output("predicted", predicted, "batch", "masked", c.patchFrames());
        Path file = folder.resolve("reconstruction.onnx");
        graph.write(file, "test", Map.of());
        Mask mask = Mask.random(c.tokens(), 0.75, new SplittableRandom(5));
        float[] window = window(c, 1);
        float[] expected = new float[window.length];
        try (OnnxRun run = new OnnxRun(file);
                BrainLm model = new BrainLm(c)) {
            run.windows(c, window);
            shape.repetitionTime().ifPresent(run::repetitionTime);
            run.tokens("visible", IntStream.range(0, mask.visibleCount()).map(mask::visible));
            run.tokens("masked", IntStream.range(0, mask.maskedCount()).map(mask::masked));
            model.loadParameters(parameters);
            double unused = model.reconstruct(new Example(window, mask, shape.repetitionTime()), expected);
            float[][] said = ((float[][][]) run.result("predicted"))[0];
            assertThat(said.length).isEqualTo(mask.maskedCount()).isPositive();
            for (int i = 0; i < said.length; i++) {
                float[] patch = new float[c.patchFrames()];
                System.arraycopy(expected, mask.masked(i) * c.patchFrames(), patch, 0, patch.length);
                compare(said[i], patch);
            }
        }
    }

    @Test
    void anArchitectureWithoutSuchAGraphIsRefusedWithTheReason() {
        ModelConfiguration other = new BaselineConfiguration(
                BaselineConfiguration.Family.MLP, 4, 40, 20, List.of(8), 20, 0.5, new float[4][3]);
        assertThatThrownBy(() -> OnnxPasses.of(new OnnxGraph("x"), other, new float[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not written as ONNX");
    }

    private static void compare(float[] said, float[] expected) {
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) said[i]).isCloseTo(expected[i], within(TOLERANCE));
            size += Math.abs(expected[i]);
        }
        assertThat(size / expected.length).isGreaterThan(100 * TOLERANCE);
    }
}
