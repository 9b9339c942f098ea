package org.commissure.models.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.commissure.models.npy.NpyException;
import org.commissure.models.npy.NpyFile;
import org.commissure.models.weights.ParameterLayout;

/**
 * The files of one golden case. Paths are made from names of ours alone, never from the manifest.
 *
 * @param manifest of the case
 * @param config in the original's keys: {@code config.json}, or else the manifest's
 */
record GoldenFolder(Path folder, JsonNode manifest, ObjectNode config) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An array and its shape. */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Floats(List<Integer> shape, float[] values) {}

    /** Large tensors are sampled; both say so by the length of {@code values}. */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Reference(float[] values, boolean sampled) {}

    static GoldenFolder open(Path folder) throws IOException {
        JsonNode manifest = json(folder.resolve("manifest.json"));
        Path file = folder.resolve("config.json");
        JsonNode config = Files.exists(file) ? json(file) : manifest.path("config");
        if (!(config instanceof ObjectNode object)) {
            throw new MalformedGoldenException(folder + " has neither config.json nor a config in its manifest.json");
        }
        return new GoldenFolder(folder, manifest, object);
    }

    boolean has(String name) {
        return Files.exists(npy(name));
    }

    /** @param rank dimensions that the array must have */
    Floats floats(String name, int rank) throws IOException {
        try (NpyFile file = open(name)) {
            if (file.shape().size() != rank) {
                throw new MalformedGoldenException(
                        npy(name) + " has shape " + file.shape() + ", but " + rank + " dimensions are expected");
            }
            return new Floats(file.shape(), file.floats());
        } catch (NpyException e) {
            throw new MalformedGoldenException(npy(name) + ": " + e.getMessage(), e);
        }
    }

    int[] ints(String name, int length) throws IOException {
        try (NpyFile file = open(name)) {
            if (file.length() != length) {
                throw new MalformedGoldenException(
                        npy(name) + " has shape " + file.shape() + ", but " + length + " values are expected");
            }
            return file.ints();
        } catch (NpyException e) {
            throw new MalformedGoldenException(npy(name) + ": " + e.getMessage(), e);
        }
    }

    /** The tensor in {@code <group>/}, or sampled in {@code <group>_sampled/}, or nothing. */
    Optional<Reference> reference(String group, ParameterLayout.Tensor tensor) throws IOException {
        boolean whole = has(group + "/" + tensor.name());
        String name = (whole ? group : group + "_sampled") + "/" + tensor.name();
        if (!has(name)) {
            return Optional.empty();
        }
        int expected = whole ? tensor.length() : SampledIndices.of(tensor.length()).length;
        try (NpyFile file = open(name)) {
            if (file.length() != expected || (whole && !file.shape().equals(tensor.shape()))) {
                throw new MalformedGoldenException(npy(name) + " has shape " + file.shape() + " for a tensor of shape "
                        + tensor.shape() + (whole ? "" : ", of which " + expected + " values are sampled"));
            }
            return Optional.of(new Reference(file.floats(), !whole));
        } catch (NpyException e) {
            throw new MalformedGoldenException(npy(name) + ": " + e.getMessage(), e);
        }
    }

    /** A number of the manifest. */
    double number(String... path) throws MalformedGoldenException {
        JsonNode node = find(path);
        if (!node.isNumber()) {
            throw new MalformedGoldenException(
                    folder.resolve("manifest.json") + " has no number " + String.join(".", path));
        }
        return node.doubleValue();
    }

    /** A part of the manifest; missing if it is not there. */
    JsonNode find(String... path) {
        return Arrays.stream(path).reduce(manifest, JsonNode::path, (a, b) -> b);
    }

    Path weights() throws MalformedGoldenException {
        for (String name : List.of("weights.safetensors", "weights", "pytorch_model.bin")) {
            if (Files.exists(folder.resolve(name))) {
                return folder.resolve(name);
            }
        }
        throw new MalformedGoldenException(folder + " has no weights.safetensors and no folder weights");
    }

    private NpyFile open(String name) throws IOException {
        if (!has(name)) {
            throw new MalformedGoldenException(npy(name) + " is missing");
        }
        return NpyFile.open(npy(name));
    }

    private Path npy(String name) {
        return folder.resolve(name + ".npy");
    }

    private static JsonNode json(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new MalformedGoldenException(file + " is missing");
        }
        try {
            return JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new MalformedGoldenException(file + " is not JSON", e);
        }
    }
}
