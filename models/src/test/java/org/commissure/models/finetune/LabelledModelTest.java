package org.commissure.models.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.brainlm.RandomCoordinates;
import org.commissure.models.weights.ParameterLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelledModelTest {
    private static final int PARCELS = 6;
    private static final int FRAMES = 12;
    private static final int WIDTH = 16;
    private static final BrainLmConfiguration C =
            new BrainLmConfiguration(PARCELS, FRAMES, 4, WIDTH, 1, 1, 2, 16, RandomCoordinates.of(PARCELS, 3));

    private final SplittableRandom random = new SplittableRandom(7);

    private float[] base() {
        float[] base = Initialisation.parameters(C, 1);
        for (int i = 0; i < base.length; i++) {
            base[i] += (float) (0.05 * random.nextGaussian());
        }
        return base;
    }

    private static LabelledModel.Settings settings(
            Task task, int outputs, double rate, Pooling pooling, int... hidden) {
        return new LabelledModel.Settings(
                pooling,
                Arrays.stream(hidden).boxed().toList(),
                task,
                outputs,
                rate,
                task == Task.REGRESSION
                        ? new TargetScale(TargetScale.Kind.Z_SCORE, 20, 5)
                        : LabelledModel.Settings.noScale(),
                9);
    }

    private LabelledModel.Patient patient() {
        List<float[]> windows = new ArrayList<>();
        for (int w = 0; w < 3; w++) {
            float[] window = new float[PARCELS * FRAMES];
            for (int i = 0; i < window.length; i++) {
                window[i] = (float) random.nextGaussian();
            }
            windows.add(window);
        }
        return new LabelledModel.Patient(windows, OptionalDouble.empty());
    }

    private float[] vector(int length, double size) {
        float[] vector = new float[length];
        for (int i = 0; i < length; i++) {
            vector[i] = (float) (size * random.nextGaussian());
        }
        return vector;
    }

    /** Of head and baseline, from what they predict. */
    private static double loss(LabelledModel model, LabelledModel.Patient patient, Task task, double target) {
        double[] said = model.predict(model.features(patient));
        double[] mean = model.predictMean();
        return task == Task.REGRESSION
                ? (Math.pow(said[0] - target, 2) + Math.pow(mean[0] - target, 2)) / 25
                : -Math.log(said[(int) target]) - Math.log(mean[(int) target]);
    }

    @ParameterizedTest
    @CsvSource({
        "REGRESSION, 1, MEAN, 0",
        "REGRESSION, 1, CLS, 1",
        "CLASSIFICATION, 2, MEAN, 1",
        "CLASSIFICATION, 3, CLS, 0"
    })
    void theGradientOfEveryPartIsThatOfFiniteDifferences(Task task, int outputs, Pooling pooling, int layers) {
        LabelledModel.Settings settings =
                layers == 0 ? settings(task, outputs, 0.5, pooling) : settings(task, outputs, 0.5, pooling, 8);
        try (LabelledModel model = new LabelledModel(new BrainLm(C, 1), base(), settings)) {
            ParameterLayout layout = LabelledModel.layout(C, WIDTH, settings);
            float[] at = vector(model.parameterCount(), 0.02);
            LabelledModel.Patient patient = patient();
            double target = task == Task.REGRESSION ? 27 : 1;
            float[] gradient = new float[at.length];
            model.load(at);
            model.gradient(patient, target, gradient);
            for (ParameterLayout.Tensor tensor : layout.tensors()) {
                float[] direction = new float[at.length];
                System.arraycopy(vector(tensor.length(), 1), 0, direction, tensor.offset(), tensor.length());
                double expected = 0;
                for (int i = 0; i < at.length; i++) {
                    expected += (double) direction[i] * gradient[i];
                }
                double step = 0.004;
                double slope = (lossAt(model, at, direction, step, patient, task, target)
                                - lossAt(model, at, direction, -step, patient, task, target))
                        / (2 * step);
                assertThat(slope).as(tensor.name()).isCloseTo(expected, within(0.02 * Math.abs(expected) + 0.004));
            }
        }
    }

    private static double lossAt(
            LabelledModel model,
            float[] at,
            float[] direction,
            double step,
            LabelledModel.Patient patient,
            Task task,
            double target) {
        float[] moved = at.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (step * direction[i]);
        }
        model.load(moved);
        return loss(model, patient, task, target);
    }

    @Test
    void aFrozenEncoderHasTheHeadsGradientAloneAndKeepsItsFeatures() {
        LabelledModel.Settings frozen = settings(Task.REGRESSION, 1, 0, Pooling.MEAN);
        float[] base = base();
        try (LabelledModel model = new LabelledModel(new BrainLm(C, 1), base, frozen);
                LabelledModel all =
                        new LabelledModel(new BrainLm(C, 1), base, settings(Task.REGRESSION, 1, 0.1, Pooling.MEAN))) {
            assertThat(model.parameterCount()).isEqualTo(WIDTH + 2);
            LabelledModel.Patient patient = patient();
            float[] head = new float[WIDTH + 2];
            model.gradientOfHead(model.features(patient), 27, head);
            float[] whole = new float[all.parameterCount()];
            all.gradient(patient, 27, whole);
            assertThat(Arrays.copyOfRange(whole, whole.length - head.length, whole.length))
                    .containsExactly(head, within(1e-5f));
            assertThatThrownBy(() -> all.gradientOfHead(all.features(patient), 27, whole))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void zerosAreTheBaseModelAndABaselineOfTheCentre() {
        LabelledModel.Settings settings = settings(Task.REGRESSION, 1, 0.1, Pooling.MEAN);
        float[] base = base();
        try (LabelledModel model = new LabelledModel(new BrainLm(C, 1), base, settings);
                BrainLm plain = new BrainLm(C, 1)) {
            plain.loadParameters(base);
            LabelledModel.Patient patient = patient();
            float[] fresh = model.features(patient);
            model.load(new float[model.parameterCount()]);
            assertThat(model.features(patient)).containsExactly(fresh);
            assertThat(model.predictMean()).containsExactly(20);
        }
    }

    @Test
    void embeddingsOfTheReferenceAreCentredAndOfUnitDeviation() {
        try (LabelledModel model =
                new LabelledModel(new BrainLm(C, 1), base(), settings(Task.REGRESSION, 1, 0, Pooling.MEAN))) {
            double[] mean = new double[WIDTH];
            List<float[]> windows = ReferenceWindows.of(C);
            for (float[] window : windows) {
                float[] row = model.features(new LabelledModel.Patient(List.of(window), OptionalDouble.empty()));
                for (int j = 0; j < WIDTH; j++) {
                    mean[j] += row[j] / windows.size();
                }
            }
            for (double value : mean) {
                assertThat(value).isCloseTo(0, within(1e-4));
            }
        }
    }

    @Test
    void aVectorThatDoesNotFitOrIsNotFiniteIsRefused() {
        try (LabelledModel model =
                new LabelledModel(new BrainLm(C, 1), base(), settings(Task.CLASSIFICATION, 2, 0, Pooling.MEAN))) {
            assertThatThrownBy(() -> model.load(new float[3]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("3 values");
            float[] bad = new float[model.parameterCount()];
            bad[1] = Float.NaN;
            assertThatThrownBy(() -> model.load(bad)).hasMessageContaining("finite");
        }
    }
}
