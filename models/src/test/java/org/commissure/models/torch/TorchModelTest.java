package org.commissure.models.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.bytedeco.javacpp.Pointer;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.BrainLmConfiguration.Variant;
import org.commissure.models.brainlm.Embedding;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.OptimiserState;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.brainlm.Stack;
import org.commissure.models.brainlm.StepResult;
import org.commissure.models.brainlm.StepSettings;
import org.junit.jupiter.api.Test;

class TorchModelTest {
    private static final OptionalDouble NO_CLIP = OptionalDouble.empty();

    private static float[] gradient(TorchModel model, Example example) {
        float[] gradient = new float[model.parameterCount()];
        model.gradient(example.window(), example.mask(), gradient);
        return gradient;
    }

    private static float[] parameters(TorchModel model) {
        float[] parameters = new float[model.parameterCount()];
        model.readParameters(parameters);
        return parameters;
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    /** The averaged gradient can be read from Adam's first moment after one step: it is a tenth of it. */
    private static float[] steppedGradient(TorchModel model, List<Example> batch, StepSettings settings) {
        model.beginTraining(AdamSettings.DEFAULT);
        model.step(batch, settings);
        float[] tenth = model.optimiserState().mean();
        float[] gradient = new float[tenth.length];
        for (int i = 0; i < tenth.length; i++) {
            gradient[i] = 10 * tenth[i];
        }
        return gradient;
    }

    private static void assertClose(float[] actual, float[] expected, double relative) {
        float[] difference = new float[actual.length];
        for (int i = 0; i < actual.length; i++) {
            difference[i] = actual[i] - expected[i];
        }
        assertThat(norm(difference)).isLessThanOrEqualTo(relative * norm(expected));
    }

    @Test
    void aBatchStepsAlongTheMeanGradient() {
        TorchCase tiny = TorchCase.tiny(1);
        try (TorchModel model = tiny.open()) {
            float[] mean = new float[model.parameterCount()];
            double loss = 0;
            for (Example example : tiny.examples()) {
                float[] gradient = new float[mean.length];
                loss += model.gradient(example.window(), example.mask(), gradient) / 3;
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += gradient[i] / 3;
                }
            }
            model.beginTraining(AdamSettings.DEFAULT);
            StepResult result = model.step(tiny.examples(), StepSettings.plain(1e-3));
            assertThat(result.loss()).isCloseTo(loss, within(1e-6 * loss));
            assertThat(result.gradientNorm()).isCloseTo(norm(mean), within(1e-5 * norm(mean)));
            model.loadParameters(tiny.parameters());
            assertClose(steppedGradient(model, tiny.examples(), StepSettings.plain(1e-3)), mean, 1e-5);
        }
    }

    @Test
    void masksOfDifferentCountsShareABatch() {
        TorchCase tiny = TorchCase.tiny(2);
        Example second = tiny.examples().get(1);
        List<Example> batch = List.of(
                tiny.examples().getFirst(),
                new Example(second.window(), Mask.of(24, new int[] {3, 1}, new int[] {7, 20, 9})));
        try (TorchModel model = tiny.open()) {
            float[] a = gradient(model, batch.get(0));
            float[] b = gradient(model, batch.get(1));
            float[] mean = new float[a.length];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = (a[i] + b[i]) / 2;
            }
            assertClose(steppedGradient(model, batch, StepSettings.plain(1e-3)), mean, 1e-5);
        }
    }

    @Test
    void everyPatientsGradientIsClippedBeforeTheMean() {
        TorchCase tiny = TorchCase.tiny(3);
        try (TorchModel model = tiny.open()) {
            double clip = 0.5 * norm(gradient(model, tiny.examples().getFirst()));
            float[] mean = new float[model.parameterCount()];
            for (Example example : tiny.examples()) {
                float[] gradient = gradient(model, example);
                double factor = Math.min(1, clip / norm(gradient)) / 3;
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += (float) (factor * gradient[i]);
                }
            }
            var settings = new StepSettings(1e-3, Double.POSITIVE_INFINITY, 0, OptionalDouble.of(clip), 0);
            assertClose(steppedGradient(model, tiny.examples(), settings), mean, 1e-5);
        }
    }

    @Test
    void theBatchGradientIsScaledDownToItsMaximumNorm() {
        TorchCase tiny = TorchCase.tiny(4);
        try (TorchModel model = tiny.open()) {
            float[] clipped = steppedGradient(model, tiny.examples(), new StepSettings(1e-3, 1e-2, 0, NO_CLIP, 0));
            assertThat(norm(clipped)).isCloseTo(1e-2, within(1e-5));
        }
    }

    @Test
    void theProximalTermPullsTowardsTheAnchor() {
        TorchCase tiny = TorchCase.tiny(5);
        float[] anchor = tiny.parameters().clone();
        anchor[7] += 2;
        try (TorchModel model = tiny.open()) {
            float[] plain = steppedGradient(model, tiny.examples(), StepSettings.plain(1e-3));
            model.loadParameters(tiny.parameters());
            model.beginTraining(AdamSettings.DEFAULT);
            model.setAnchor(anchor);
            model.step(tiny.examples(), new StepSettings(1e-3, Double.POSITIVE_INFINITY, 0.3, NO_CLIP, 0));
            float[] pulled = model.optimiserState().mean();
            assertThat(10.0 * pulled[7]).isCloseTo(plain[7] - 0.3 * 2, within(1e-4));
            assertThat(10.0 * pulled[8]).isCloseTo(plain[8], within(1e-4));
        }
    }

    @Test
    void absentTokensHaveNoInfluence() {
        TorchCase tiny = TorchCase.tiny(6);
        float[] window = tiny.examples().getFirst().window();
        Mask mask = Mask.of(24, new int[] {0, 4, 9}, new int[] {2, 23});
        float[] other = window.clone();
        Arrays.fill(other, 5 * 5, 5 * 6, 9f); // token 5 is neither visible nor masked
        try (TorchModel model = tiny.open()) {
            float[] out = new float[model.parameterCount()];
            assertThat(model.gradient(other, mask, out)).isEqualTo(model.gradient(window, mask, out));
        }
    }

    @Test
    void trainingContinuesFromItsState() {
        TorchCase tiny = TorchCase.tiny(7);
        var settings = new StepSettings(1e-3, 1, 0, NO_CLIP, 5);
        try (TorchModel straight = tiny.open();
                TorchModel resumed = tiny.open()) {
            straight.beginTraining(AdamSettings.DEFAULT.withWeightDecay(0.05));
            straight.step(tiny.examples(), settings);
            OptimiserState state = straight.optimiserState();
            resumed.loadParameters(parameters(straight));
            resumed.beginTraining(AdamSettings.DEFAULT.withWeightDecay(0.05));
            resumed.loadOptimiserState(state);
            straight.step(tiny.examples(), settings);
            resumed.step(tiny.examples(), settings);
            assertThat(parameters(resumed)).isEqualTo(parameters(straight));
        }
    }

    @Test
    void dropoutIsDrawnFromItsSeed() {
        Stack stack = new Stack(16, 1, 2, 24);
        TorchCase dropping =
                TorchCase.random(TorchCase.configuration(Variant.COMMISSURE, 6, 4, 5, stack, stack, 0.4), 2, 8);
        try (TorchModel model = dropping.open()) {
            double[] losses = new double[3];
            for (int i = 0; i < 3; i++) {
                model.loadParameters(dropping.parameters());
                model.beginTraining(AdamSettings.DEFAULT);
                losses[i] = model.step(
                                dropping.examples(),
                                new StepSettings(1e-3, Double.POSITIVE_INFINITY, 0, NO_CLIP, i / 2))
                        .loss();
            }
            assertThat(losses[1]).isEqualTo(losses[0]);
            assertThat(losses[2]).isNotEqualTo(losses[0]);
        }
    }

    @Test
    void aLossThatOverflowsNamesItsExampleAndChangesNothing() {
        TorchCase tiny = TorchCase.tiny(9);
        List<Example> batch = new ArrayList<>(tiny.examples());
        float[] huge = new float[tiny.configuration().windowLength()];
        Arrays.fill(huge, 3e38f);
        batch.set(1, new Example(huge, batch.get(1).mask()));
        for (OptionalDouble clip : List.of(NO_CLIP, OptionalDouble.of(1))) {
            try (TorchModel model = tiny.open()) {
                model.beginTraining(AdamSettings.DEFAULT);
                var settings = new StepSettings(1e-3, Double.POSITIVE_INFINITY, 0, clip, 0);
                assertThatThrownBy(() -> model.step(batch, settings))
                        .isInstanceOf(ArithmeticException.class)
                        .hasMessageContaining("example 1 ");
                assertThat(parameters(model)).isEqualTo(tiny.parameters());
                assertThat(model.optimiserState().steps()).isZero();
            }
        }
    }

    @Test
    void theEmbeddingsGradientMatchesItsSlope() {
        TorchCase tiny = TorchCase.tiny(10);
        float[] window = tiny.examples().getFirst().window();
        float[] direction = {1, -2, 0.5f, 0, 3, 1, 1, -1, 2, 0, 1, -0.5f};
        try (TorchModel model = tiny.open()) {
            for (Pooling pooling : Pooling.values()) {
                float[] gradient = new float[model.parameterCount()];
                model.loadParameters(tiny.parameters());
                model.embeddingGradient(window, pooling, direction, gradient);
                int steepest = 0;
                for (int i = 0; i < gradient.length; i++) {
                    steepest = Math.abs(gradient[i]) > Math.abs(gradient[steepest]) ? i : steepest;
                }
                float[] moved = tiny.parameters().clone();
                double[] values = new double[2];
                for (int side = 0; side < 2; side++) {
                    moved[steepest] = tiny.parameters()[steepest] + (side == 0 ? -1e-2f : 1e-2f);
                    model.loadParameters(moved);
                    Embedding embedding = model.embed(window);
                    float[] pooled = pooling == Pooling.CLS ? embedding.cls() : embedding.mean();
                    for (int j = 0; j < pooled.length; j++) {
                        values[side] += direction[j] * pooled[j];
                    }
                }
                assertThat((values[1] - values[0]) / 2e-2)
                        .isCloseTo(gradient[steepest], within(0.02 * Math.abs(gradient[steepest])));
            }
        }
    }

    @Test
    void bfloat16IsNearFloat32() {
        Stack stack = new Stack(64, 2, 4, 96);
        TorchCase wide = TorchCase.random(TorchCase.configuration(Variant.ORIGINAL, 10, 4, 16, stack, stack, 0), 2, 11);
        try (TorchModel exact = wide.open();
                TorchModel rough = wide.open(Precision.BFLOAT16)) {
            exact.beginTraining(AdamSettings.DEFAULT);
            rough.beginTraining(AdamSettings.DEFAULT);
            double expected =
                    exact.step(wide.examples(), StepSettings.plain(1e-3)).loss();
            double actual =
                    rough.step(wide.examples(), StepSettings.plain(1e-3)).loss();
            assertThat(actual).isCloseTo(expected, within(0.02 * expected)).isNotEqualTo(expected);
        }
    }

    @Test
    void badArraysAreRefusedByName() {
        TorchCase tiny = TorchCase.tiny(12);
        BrainLmConfiguration c = tiny.configuration();
        float[] window = tiny.examples().getFirst().window();
        float[] out = new float[c.layout().parameterCount()];
        Mask mask = tiny.examples().getFirst().mask();
        try (TorchModel model = TorchModel.onCpu(c, 1, Precision.FLOAT32)) {
            assertThatThrownBy(() -> model.gradient(window, mask, out)).isInstanceOf(IllegalStateException.class);
            model.loadParameters(tiny.parameters());
            assertThatThrownBy(() -> model.step(tiny.examples(), StepSettings.plain(1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("beginTraining");
            assertThatThrownBy(() -> model.gradient(new float[5], mask, out)).hasMessageContaining("window has 5");
            assertThatThrownBy(() -> model.gradient(window, Mask.none(24), out)).hasMessageContaining("no token");
            assertThatThrownBy(() -> model.gradient(window, Mask.none(25), out)).hasMessageContaining("25 tokens");
            model.beginTraining(AdamSettings.DEFAULT);
            float[] broken = window.clone();
            broken[3] = Float.NaN;
            List<Example> batch = List.of(new Example(window, mask), new Example(broken, mask));
            assertThatThrownBy(() -> model.step(batch, StepSettings.plain(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("example 1: window");
        }
    }

    @Test
    void memoryStaysFlatOverFiveHundredSteps() throws IOException {
        Stack stack = new Stack(64, 2, 4, 128);
        TorchCase small =
                TorchCase.random(TorchCase.configuration(Variant.COMMISSURE, 50, 4, 10, stack, stack, 0.1), 2, 13);
        try (TorchModel model = small.open()) {
            model.beginTraining(AdamSettings.DEFAULT);
            long before = 0;
            long tensors = 0;
            for (int step = 0; step < 600; step++) {
                if (step == 100) {
                    before = residentKilobytes();
                    tensors = Pointer.totalCount();
                }
                model.step(small.examples(), StepSettings.plain(1e-4));
            }
            assertThat(Pointer.totalCount()).isEqualTo(tensors);
            // A step's tensors take about 3 MB: losing those of 500 would be a gigabyte. The Java heap may grow.
            assertThat(residentKilobytes() - before).isLessThan(150_000);
        }
    }

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
