package org.commissure.models.brainlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.commissure.models.reference.ReferenceNumbers;
import org.commissure.models.weights.ParameterLayout;
import org.commissure.models.weights.Safetensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The original's variant against numbers that the original code computed: 24 parcels × 40 frames, patch 20, hidden 32,
 * 2 + 2 layers, batch 2.
 */
class OriginalModelTest {
    private static final int PARCELS = 24;
    private static final int WINDOW = PARCELS * 40;
    private static final int TOKENS = 48;

    private Path reference = Path.of("");
    private Safetensors.Contents weights =
            new Safetensors.Contents(new ParameterLayout.Builder().build(), new float[0], java.util.Map.of());

    @BeforeEach
    void findTheReference() throws IOException {
        reference = ReferenceNumbers.folder("reference/brainlm/tiny");
        weights = Safetensors.read(reference.resolve("weights.safetensors"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void lossGradientsAndPredictionsAreTheOriginals(int threads) throws IOException {
        BrainLmConfiguration c = configuration(Loss.MSE);
        float[] logits = npy("outputs/logits.npy");
        float[] mean = new float[c.layout().parameterCount()];
        double loss = 0;
        try (var model = new BrainLm(c, threads)) {
            model.loadParameters(parameters(c, "weights"));
            float[] own = mean.clone();
            float[] prediction = new float[WINDOW];
            for (int sample = 0; sample < 2; sample++) {
                Example e = example(sample, 0.2);
                loss += model.gradient(e.window(), e.mask(), own) / 2;
                for (int i = 0; i < own.length; i++) {
                    mean[i] += own[i] / 2;
                }
                model.reconstruct(e.window(), e.mask(), prediction);
                comparePredictions(e.mask(), prediction, logits, sample * WINDOW);
            }
        }
        assertThat(loss).isCloseTo(npy("outputs/loss.npy")[0], within(2.4e-5));
        double whole = norm(mean, 0, mean.length);
        for (ParameterLayout.Tensor tensor : c.layout().tensors()) {
            float[] expected = Files.exists(reference.resolve("grads/" + tensor.name() + ".npy"))
                    ? npy("grads/" + tensor.name() + ".npy")
                    : new float[tensor.length()];
            double difference = 0;
            for (int i = 0; i < expected.length; i++) {
                difference += Math.pow(mean[tensor.offset() + i] - expected[i], 2);
            }
            assertThat(Math.sqrt(difference))
                    .as(tensor.name())
                    .isLessThan(1e-4 * norm(expected, 0, expected.length) + 1e-7 * whole);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mask0.2_mae, 0.2, MAE, 1.2363004684448242",
        "mask0.5_mse, 0.5, MSE, 2.8177297115325928",
        "mask0.75_mse, 0.75, MSE, 2.96935772895813"
    })
    void otherMaskRatiosAndTheAbsoluteLossAreTheOriginals(String name, double ratio, Loss kind, double expected)
            throws IOException {
        BrainLmConfiguration c = configuration(kind);
        float[] prediction = new float[WINDOW];
        try (var model = new BrainLm(c)) {
            model.loadParameters(parameters(c, "weights"));
            Example e = example(0, ratio);
            double loss = model.reconstruct(e.window(), e.mask(), prediction);
            assertThat(loss).isCloseTo(expected, within(1e-5 * expected));
            comparePredictions(e.mask(), prediction, npy("variants/" + name + "/logits.npy"), 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"adam3, 0, Infinity", "adamw3, 0.05, 1"})
    void threeStepsOfAdamEndWhereTheOriginalsEnd(String folder, double decay, double clip) throws IOException {
        BrainLmConfiguration c = configuration(Loss.MSE);
        float[] trained = new float[c.layout().parameterCount()];
        try (var model = new BrainLm(c, 2)) {
            model.loadParameters(parameters(c, "weights"));
            model.beginTraining(AdamSettings.DEFAULT.withWeightDecay(decay));
            List<Example> batch = new ArrayList<>(List.of(example(0, 0.2), example(1, 0.2)));
            var step = new StepSettings(1e-3, clip, 0, java.util.OptionalDouble.empty(), 0);
            for (int i = 0; i < 3; i++) {
                model.step(batch, step);
            }
            model.readParameters(trained);
        }
        int apart = 0;
        for (ParameterLayout.Tensor tensor : c.layout().tensors()) {
            // A key's bias has gradient 0; Adam amplified the original's rounding errors there.
            if (!tensor.name().endsWith("key.bias")) {
                float[] expected = npy(folder + "/" + tensor.name() + ".npy");
                for (int i = 0; i < expected.length; i++) {
                    float difference = Math.abs(trained[tensor.offset() + i] - expected[i]);
                    apart += difference > 1e-5f ? 1 : 0;
                    assertThat(difference).as(tensor.name()).isLessThan(3e-3f);
                }
            }
        }
        // Adam's first step is the gradient's sign: where the original's float32 gradient is rounding noise, so is it.
        assertThat(apart).isLessThan(trained.length / 100);
    }

    private static void comparePredictions(Mask mask, float[] prediction, float[] logits, int offset) {
        for (int i = 0; i < mask.maskedCount(); i++) {
            for (int t = mask.masked(i) * 20; t < mask.masked(i) * 20 + 20; t++) {
                assertThat(prediction[t]).isCloseTo(logits[offset + t], within(2e-4f));
            }
        }
    }

    private Example example(int sample, double ratio) throws IOException {
        float[] signal = npy("inputs/signal_vectors.npy");
        float[] noise = npy("inputs/noise.npy");
        return new Example(
                Arrays.copyOfRange(signal, sample * WINDOW, (sample + 1) * WINDOW),
                Mask.ofNoise(Arrays.copyOfRange(noise, sample * TOKENS, (sample + 1) * TOKENS), ratio));
    }

    private BrainLmConfiguration configuration(Loss loss) throws IOException {
        float[] xyz = npy("inputs/xyz_vectors.npy");
        float[][] millimetres = new float[PARCELS][];
        for (int p = 0; p < PARCELS; p++) {
            millimetres[p] = Arrays.copyOfRange(xyz, 3 * p, 3 * p + 3);
        }
        var stack = new Stack(32, 2, 4, 64);
        return new BrainLmConfiguration(
                BrainLmConfiguration.Variant.ORIGINAL,
                PARCELS,
                40,
                20,
                stack,
                stack,
                loss,
                1e-12,
                0, // the reference was computed in evaluation mode
                0.2,
                millimetres);
    }

    private float[] parameters(BrainLmConfiguration c, String folder) throws IOException {
        float[] flat = new float[c.layout().parameterCount()];
        for (ParameterLayout.Tensor tensor : c.layout().tensors()) {
            System.arraycopy(npy(folder + "/" + tensor.name() + ".npy"), 0, flat, tensor.offset(), tensor.length());
        }
        assertThat(weights.values()).hasSize(flat.length);
        return flat;
    }

    private static double norm(float[] values, int from, int to) {
        double squares = 0;
        for (int i = from; i < to; i++) {
            squares += (double) values[i] * values[i];
        }
        return Math.sqrt(squares);
    }

    private float[] npy(String name) throws IOException {
        return ReferenceNumbers.floats(reference.resolve(name));
    }
}
