package org.commissure.models.brainlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class TrainingStepTest {
    private static final BrainLmConfiguration C = configuration(0);
    private static final ModelCase GIVEN = ModelCase.random(C, 0.5, 3);

    private static BrainLmConfiguration configuration(double dropout) {
        return new BrainLmConfiguration(
                BrainLmConfiguration.Variant.ORIGINAL,
                9,
                12,
                4,
                new Stack(24, 2, 3, 20),
                new Stack(24, 2, 2, 36),
                Loss.MSE,
                1e-6,
                dropout,
                0.5,
                RandomCoordinates.of(9, 1));
    }

    private static List<Example> batch(int step) {
        var random = new SplittableRandom(step);
        return List.of(example(random), example(random));
    }

    private static Example example(SplittableRandom random) {
        float[] window = new float[C.windowLength()];
        for (int i = 0; i < window.length; i++) {
            window[i] = (float) random.nextGaussian();
        }
        return new Example(window, Mask.shuffled(C.tokens(), 0.5, random));
    }

    private static float[] trained(BrainLm model, int from, int to, StepSettings settings) {
        for (int step = from; step < to; step++) {
            model.step(batch(step), settings);
        }
        float[] out = new float[model.parameterCount()];
        model.readParameters(out);
        return out;
    }

    private static BrainLm started(BrainLmConfiguration c, int threads, boolean recompute) {
        var model = new BrainLm(c, threads, recompute);
        float[] small = GIVEN.parameters().clone();
        model.loadParameters(small);
        model.beginTraining(AdamSettings.DEFAULT.withWeightDecay(0.05));
        return model;
    }

    @Test
    void dropoutIsFixedByItsSeed() {
        var settings = new StepSettings(1e-3, 1, 0, OptionalDouble.empty(), 5);
        var other = new StepSettings(1e-3, 1, 0, OptionalDouble.empty(), 6);
        try (var a = started(configuration(0.1), 2, false);
                var b = started(configuration(0.1), 2, false);
                var c = started(configuration(0.1), 2, false)) {
            float[] first = trained(a, 0, 3, settings);
            assertThat(trained(b, 0, 3, settings)).containsExactly(first);
            assertThat(trained(c, 0, 3, other)).isNotEqualTo(first);
        }
    }

    @Test
    void recomputedActivationsGiveTheSameBits() {
        try (var kept = started(C, 2, false);
                var computed = started(C, 2, true)) {
            assertThat(trained(computed, 0, 3, StepSettings.plain(1e-3)))
                    .containsExactly(trained(kept, 0, 3, StepSettings.plain(1e-3)));
        }
    }

    @Test
    void aRunThatGoesOnFromItsStateEndsAtTheSameBits() {
        var settings = new StepSettings(1e-3, 1, 0.1, OptionalDouble.of(2), 7);
        try (var whole = started(C, 2, false);
                var begun = started(C, 2, false);
                var resumed = new BrainLm(C, 2)) {
            float[] expected = trained(whole, 0, 6, settings);
            float[] middle = trained(begun, 0, 3, settings);
            resumed.loadParameters(middle);
            resumed.beginTraining(AdamSettings.DEFAULT.withWeightDecay(0.05));
            resumed.loadOptimiserState(begun.optimiserState());
            resumed.setAnchor(GIVEN.parameters());
            assertThat(trained(resumed, 3, 6, settings)).containsExactly(expected);
        }
    }

    @Test
    void aPatientsGradientIsClippedBeforeItIsAveraged() {
        double clip = 0.01;
        try (var model = started(C, 1, false)) {
            var settings = new StepSettings(1e-9, Double.POSITIVE_INFINITY, 0, OptionalDouble.of(clip), 0);
            Example one = example(new SplittableRandom(1));
            assertThat(model.step(List.of(one), settings).gradientNorm()).isCloseTo(clip, within(1e-6));
            // The same patient twice: the average of two equal clipped gradients.
            assertThat(model.step(List.of(one, one), settings).gradientNorm()).isCloseTo(clip, within(1e-6));
        }
    }

    @Test
    void theProximalTermPullsBackToTheAnchor() {
        float[] anchor = GIVEN.parameters().clone();
        for (int i = 0; i < anchor.length; i++) {
            anchor[i] += 1;
        }
        try (var model = started(C, 1, false)) {
            model.setAnchor(anchor);
            var strong = new StepSettings(1e-3, Double.POSITIVE_INFINITY, 1e6, OptionalDouble.empty(), 0);
            float[] after = trained(model, 0, 1, strong);
            int closer = 0;
            for (int i = 0; i < after.length; i++) {
                closer += after[i] > GIVEN.parameters()[i] ? 1 : 0;
            }
            assertThat(closer).isGreaterThan(after.length * 9 / 10);
        }
    }

    @Test
    void anOverflowingExampleIsNamedAndLeavesTheParametersAlone() {
        float[] huge = GIVEN.parameters().clone();
        for (int i = 0; i < huge.length; i++) {
            huge[i] *= 1e30f;
        }
        float[] after = new float[huge.length];
        try (var model = new BrainLm(C, 1)) {
            model.loadParameters(huge);
            model.beginTraining(AdamSettings.DEFAULT);
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> model.step(batch(0), StepSettings.plain(1e-3)))
                    .withMessageContaining("example 0");
            model.readParameters(after);
        }
        assertThat(after).containsExactly(huge);
    }

    @Test
    void twoThousandStepsNeedNoMoreMemoryThanAHundred() throws IOException {
        Path status = Path.of("/proc/self/status");
        Assumptions.assumeTrue(Files.exists(status), "no /proc to read memory from");
        try (var model = started(C, 2, false)) {
            trained(model, 0, 100, StepSettings.plain(1e-4));
            long before = residentKilobytes(status);
            trained(model, 100, 2100, StepSettings.plain(1e-4));
            // The Java heap may breathe; 30 kB a step, half a parameter vector, would show.
            assertThat(residentKilobytes(status) - before).isLessThan(60_000);
        }
    }

    private static long residentKilobytes(Path status) throws IOException {
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no VmRSS in " + status);
    }
}
