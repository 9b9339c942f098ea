package org.commissure.models.torch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.BrainLmConfiguration.Variant;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Loss;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.Stack;
import org.commissure.models.reference.ReferenceNumbers;
import org.commissure.models.weights.ParameterLayout;

/** The folder of numbers that the original code computed for its tiny model: 24 parcels × 40 frames, batch 2. */
final class GoldenCase {
    private static final int SAMPLES = 2;

    private final Path folder;
    private final JsonNode manifest;

    private GoldenCase(Path folder, JsonNode manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    /** Skips the calling test where the reference numbers are absent. */
    static GoldenCase openOrSkip() throws IOException {
        Path folder = ReferenceNumbers.folder("reference/brainlm/tiny");
        return new GoldenCase(folder, new ObjectMapper().readTree(Files.readString(folder.resolve("manifest.json"))));
    }

    JsonNode manifest() {
        return manifest;
    }

    BrainLmConfiguration configuration(Loss loss) throws IOException {
        float[] xyz = floats("inputs/xyz_vectors");
        float[][] millimetres = new float[24][];
        for (int p = 0; p < 24; p++) {
            millimetres[p] = Arrays.copyOfRange(xyz, 3 * p, 3 * p + 3);
        }
        Stack stack = new Stack(32, 2, 4, 64);
        return new BrainLmConfiguration(Variant.ORIGINAL, 24, 40, 20, stack, stack, loss, 1e-12, 0, 0.2, millimetres);
    }

    /** The flat vector in layout order of one of the folders {@code weights}, {@code grads}, {@code adam3}, … */
    float[] flat(ParameterLayout layout, String kind) throws IOException {
        float[] flat = new float[layout.parameterCount()];
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            if (Files.exists(folder.resolve(kind + "/" + tensor.name() + ".npy"))) {
                float[] values = floats(kind + "/" + tensor.name());
                System.arraycopy(values, 0, flat, tensor.offset(), tensor.length());
            } else if (!tensor.name().startsWith("decoder.decoder_pred.")) {
                throw new IOException("the reference has no " + kind + "/" + tensor.name());
            }
        }
        return flat;
    }

    List<Example> batch(double maskRatio) throws IOException {
        float[] windows = floats("inputs/signal_vectors");
        float[] noise = floats("inputs/noise");
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            examples.add(new Example(part(windows, i), Mask.ofNoise(part(noise, i), maskRatio)));
        }
        return examples;
    }

    static float[] part(float[] samples, int i) {
        int length = samples.length / SAMPLES;
        return Arrays.copyOfRange(samples, i * length, (i + 1) * length);
    }

    float[] floats(String name) throws IOException {
        return ReferenceNumbers.floats(folder.resolve(name + ".npy"));
    }
}
