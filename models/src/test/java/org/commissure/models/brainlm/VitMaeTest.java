package org.commissure.models.brainlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.commissure.models.reference.ReferenceNumbers;
import org.commissure.models.weights.ParameterLayout;
import org.commissure.models.weights.Safetensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ViT-MAE against numbers that the original code computed: 432² image, patch 16, widths 32 and 24. */
class VitMaeTest {
    private Path reference = Path.of("");

    private static VitMaeConfiguration configuration(VitMaeConfiguration.Mode mode, double ratio) {
        return new VitMaeConfiguration(
                424,
                200,
                432,
                16,
                new Stack(32, 2, 4, 64),
                new Stack(24, 1, 3, 48),
                mode,
                1e-12,
                ratio,
                1,
                IntStream.range(0, 424).toArray());
    }

    @ParameterizedTest
    @EnumSource(VitMaeConfiguration.Mode.class)
    void everyModeReproducesTheOriginal(VitMaeConfiguration.Mode mode) throws IOException {
        reference = ReferenceNumbers.folder(
                "reference/brainlm/vitmae_tiny/" + mode.name().toLowerCase(java.util.Locale.ROOT));
        JsonNode manifest =
                new ObjectMapper().readTree(reference.resolve("manifest.json").toFile());
        VitMaeConfiguration c =
                configuration(mode, manifest.at("/config/mask_ratio").asDouble());
        Mask mask = mode == VitMaeConfiguration.Mode.AUTO_ENCODE
                ? Mask.ofNoise(npy("inputs/noise.npy"), c.maskRatio())
                : c.lastFramesMask();
        assertThat(mask.maskedCount()).isEqualTo(manifest.get("tokens_masked").asInt());
        float[] window = npy("inputs/image_424x200.npy");
        float[] gradient = new float[c.layout().parameterCount()];
        float[] logits = new float[window.length];
        float[] predicted = new float[window.length];
        try (var model = new BrainLm(c, 2, false)) {
            model.loadParameters(parameters(c));
            double loss = model.gradient(window, mask, gradient);
            assertThat(loss).isCloseTo(manifest.get("loss").asDouble(), within(1e-5 * loss));
            model.logits(window, mask, logits);
            model.reconstruct(window, mask, predicted);
        }
        float[] expected = npy("outputs/logits_424x200.npy");
        float[] hidden = npy("outputs/mask_424x200.npy");
        for (int i = 0; i < expected.length; i++) {
            assertThat(logits[i]).isCloseTo(expected[i], within(2e-5f));
            assertThat(predicted[i]).isCloseTo(hidden[i] > 0 ? expected[i] : window[i], within(2e-5f));
        }
        for (ParameterLayout.Tensor tensor : c.layout().tensors()) {
            double squares = 0;
            for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
                squares += (double) gradient[i] * gradient[i];
            }
            double norm = manifest.get("grad_l2").get(tensor.name()).asDouble();
            assertThat(Math.sqrt(squares)).as(tensor.name()).isCloseTo(norm, within(1e-3 * norm + 1e-9));
        }
    }

    @Test
    void gradientsAreThoseOfCentralDifferences() {
        var c = new VitMaeConfiguration(
                6,
                10,
                12,
                4,
                new Stack(8, 1, 2, 12),
                new Stack(12, 2, 3, 10),
                VitMaeConfiguration.Mode.PREDICT_LAST_PIXEL,
                1e-6,
                0.6,
                2,
                new int[] {3, 1, 0, 2, 5, 4});
        var random = new SplittableRandom(5);
        float[] parameters = new float[c.layout().parameterCount()];
        for (ParameterLayout.Tensor tensor : c.layout().tensors()) {
            boolean scale = tensor.name().contains("norm") && tensor.name().endsWith("weight");
            for (int i = 0; i < tensor.length(); i++) {
                parameters[tensor.offset() + i] = (float) ((scale ? 1 : 0) + 0.3 * random.nextGaussian());
            }
        }
        float[] window = new float[60];
        for (int i = 0; i < window.length; i++) {
            window[i] = (float) random.nextGaussian();
        }
        float[] gradient = new float[parameters.length];
        float[] ignored = new float[parameters.length];
        Mask mask = c.lastFramesMask();
        try (var model = new BrainLm(c, 1, true)) {
            model.loadParameters(parameters);
            model.gradient(window, mask, gradient);
            for (ParameterLayout.Tensor tensor : c.layout().tensors()) {
                int i = tensor.offset() + tensor.length() / 2;
                float kept = parameters[i];
                parameters[i] = kept + 0.01f;
                model.loadParameters(parameters);
                double up = model.gradient(window, mask, ignored);
                parameters[i] = kept - 0.01f;
                model.loadParameters(parameters);
                double down = model.gradient(window, mask, ignored);
                parameters[i] = kept;
                assertThat((double) gradient[i])
                        .as(tensor.name())
                        .isCloseTo((up - down) / 0.02, within(2e-3 * Math.abs(gradient[i]) + 2e-4));
            }
        }
    }

    private float[] parameters(VitMaeConfiguration c) throws IOException {
        Safetensors.Contents weights = Safetensors.read(reference.resolve("weights.safetensors"));
        float[] flat = new float[c.layout().parameterCount()];
        for (ParameterLayout.Tensor tensor : c.layout().tensors()) {
            System.arraycopy(
                    weights.values(),
                    weights.layout().tensor(tensor.name()).offset(),
                    flat,
                    tensor.offset(),
                    tensor.length());
        }
        return flat;
    }

    private float[] npy(String name) throws IOException {
        return ReferenceNumbers.floats(reference.resolve(name));
    }
}
