package org.commissure.models.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.onnx.OnnxRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ONNX Runtime makes of a fine-tuned model's file, beside the model itself. */
final class OnnxPredictionTest {
    private static final int WIDTH = 16;
    private final BrainLmConfiguration c = new BrainLmConfiguration(10, 40, 20, WIDTH, 1, 1, 2, 32, coordinates());
    private final SplittableRandom random = new SplittableRandom(6);

    @TempDir
    Path folder;

    private static float[][] coordinates() {
        float[][] places = new float[10][3];
        for (int p = 0; p < places.length; p++) {
            places[p][p % 3] = 7 * p;
        }
        return places;
    }

    private float[] some(int length, double size) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (size * random.nextGaussian());
        }
        return values;
    }

    @Test
    void aHeadOnThePatientsMeanEmbeddingGivesTheSameProbabilities() throws Exception {
        LabelledModel.Settings settings = new LabelledModel.Settings(
                Pooling.MEAN, List.of(5), Task.CLASSIFICATION, 3, 0.1, LabelledModel.Settings.noScale(), 3);
        try (LabelledModel model = new LabelledModel(new BrainLm(c), Initialisation.parameters(c, 1), settings)) {
            model.load(some(model.parameterCount(), 0.3));
            model.save(folder, HeadSettings.classification(3, Pooling.MEAN, true, 3), 2, Map.of());
            List<float[]> windows = List.of(some(400, 1), some(400, 1), some(400, 1));
            float[] said = compare(windows);
            double[] scored = model.predict(model.features(new LabelledModel.Patient(windows, OptionalDouble.empty())));
            for (int k = 0; k < scored.length; k++) {
                assertThat((double) said[k]).isCloseTo(scored[k], within(1e-4));
            }
        }
    }

    @Test
    void aRegressionOfEachWindowIsAveragedAndPutIntoItsUnits() throws Exception {
        ModelFolder.write(folder, c, Initialisation.parameters(c, 1), Map.of());
        HeadShape shape = HeadShape.brainLm(WIDTH);
        for (TargetScale.Kind kind : TargetScale.Kind.values()) {
            new HeadFile(
                            HeadSettings.regression(Pooling.CLS, false, 1).withScaling(kind),
                            shape,
                            new Features(Pooling.CLS, some(WIDTH, 1), positive(WIDTH)),
                            new TargetScale(kind, kind == TargetScale.Kind.LOG_MAX ? 0 : 30, 4),
                            some(shape.layout(WIDTH, 1).parameterCount(), 0.3),
                            1)
                    .write(folder.resolve(HeadFile.NAME));
            float[] unused = compare(List.of(some(400, 1), some(400, 1)));
        }
    }

    private static float[] positive(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = 0.5f + i % 3;
        }
        return values;
    }

    /** @return what the file says */
    private float[] compare(List<float[]> windows) throws Exception {
        Path file = folder.resolve("prediction.onnx");
        OnnxPrediction.of(folder).write(file, "test", Map.of());
        try (OnnxRun run = new OnnxRun(file);
                BrainLm engine = new BrainLm(c);
                FineTunedModel model = FineTunedModel.load(folder, configuration -> engine)) {
            run.windows(c, windows.toArray(float[][]::new));
            float[] said = (float[]) run.result("prediction");
            double[] expected = model.predict(windows);
            assertThat(said.length).isEqualTo(expected.length);
            for (int k = 0; k < said.length; k++) {
                assertThat((double) said[k]).isCloseTo(expected[k], within(1e-4 * (1 + Math.abs(expected[k]))));
            }
            return said;
        }
    }
}
