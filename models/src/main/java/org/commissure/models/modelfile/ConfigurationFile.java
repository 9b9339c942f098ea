package org.commissure.models.modelfile;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.commissure.models.baseline.BaselineConfiguration;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.VitMaeConfiguration;
import org.commissure.models.durable.AtomicFile;

/**
 * A model's {@code config.json}: the original's keys, so that the original's code reads the file too, and what it does
 * not know (variant, coordinates, dropout) under {@code commissure}. Keys of the original that say nothing about the
 * model (for example {@code transformers_version}) are carried from reading to writing. Immutable.
 */
public final class ConfigurationFile {
    /** The key under which everything of ours lies. */
    static final String OWN = "commissure";

    /** 65,536 parcels take 3 MB. */
    private static final long MAXIMUM_BYTES = 16 << 20;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private final ModelConfiguration configuration;
    private final ObjectNode json;

    private ConfigurationFile(ModelConfiguration configuration, ObjectNode json) {
        this.configuration = configuration;
        this.json = json;
    }

    /** @throws IllegalArgumentException if there is no file form of such a configuration */
    public static ConfigurationFile of(ModelConfiguration configuration) {
        return of(configuration, JsonNodeFactory.instance.objectNode());
    }

    /**
     * Reads a file that says where its parcels lie.
     *
     * @throws MalformedConfigurationException naming the file and the key
     */
    public static ConfigurationFile read(Path file) throws IOException {
        return read(file, Optional.empty());
    }

    /**
     * Reads a file of the original, which does not say where its parcels lie.
     *
     * @param coordinatesMillimetres {@code [parcels][3]}
     * @throws MalformedConfigurationException naming the file and the key; also if the file has coordinates
     */
    public static ConfigurationFile read(Path file, float[][] coordinatesMillimetres) throws IOException {
        return read(file, Optional.of(coordinatesMillimetres));
    }

    private static ConfigurationFile read(Path file, Optional<float[][]> coordinates) throws IOException {
        if (Files.size(file) > MAXIMUM_BYTES) {
            throw new MalformedConfigurationException(
                    file + " has " + Files.size(file) + " bytes; at most " + MAXIMUM_BYTES + " are read");
        }
        try {
            return parse(Files.readAllBytes(file), coordinates);
        } catch (MalformedConfigurationException e) {
            throw new MalformedConfigurationException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads what is not in a file of its own.
     *
     * @param json in the original's keys
     * @throws MalformedConfigurationException naming the key
     */
    public static ConfigurationFile parse(String json) throws MalformedConfigurationException {
        return parse(json.getBytes(StandardCharsets.UTF_8), Optional.empty());
    }

    /** The same with coordinates that {@code json} does not have. */
    public static ConfigurationFile parse(String json, float[][] coordinatesMillimetres)
            throws MalformedConfigurationException {
        return parse(json.getBytes(StandardCharsets.UTF_8), Optional.of(coordinatesMillimetres));
    }

    private static ConfigurationFile parse(byte[] json, Optional<float[][]> coordinates)
            throws MalformedConfigurationException {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (IOException e) {
            throw new MalformedConfigurationException("it is not JSON, or names a key twice", e);
        }
        if (!(root instanceof ObjectNode object)) {
            throw new MalformedConfigurationException("it is not a JSON object");
        }
        return of(parse(object, coordinates), object);
    }

    private static ModelConfiguration parse(ObjectNode root, Optional<float[][]> coordinates)
            throws MalformedConfigurationException {
        String unnamed = root.has("train_mode") ? VitMaeKeys.TYPE : BrainLmKeys.ORIGINAL_TYPE;
        String type = new JsonKeys(root, "").text("model_type", unnamed);
        return switch (type) {
            case BrainLmKeys.ORIGINAL_TYPE, BrainLmKeys.COMMISSURE_TYPE -> BrainLmKeys.read(root, coordinates);
            case VitMaeKeys.TYPE -> VitMaeKeys.read(root, coordinates);
            default ->
                BaselineKeys.read(
                        BaselineKeys.family(type)
                                .orElseThrow(() -> new MalformedConfigurationException("model_type is '" + type
                                        + "'; this version knows " + BrainLmKeys.ORIGINAL_TYPE + ", " + VitMaeKeys.TYPE
                                        + ", " + BrainLmKeys.COMMISSURE_TYPE + ", lstm, mlp and conv3d")),
                        root,
                        coordinates);
        };
    }

    /** @param carried keys that are kept where {@code configuration} does not say otherwise */
    private static ConfigurationFile of(ModelConfiguration configuration, ObjectNode carried) {
        ObjectNode written = switch (configuration) {
            case BrainLmConfiguration brainLm -> BrainLmKeys.write(brainLm);
            case VitMaeConfiguration vitMae -> VitMaeKeys.write(vitMae);
            case BaselineConfiguration baseline -> BaselineKeys.write(baseline);
            default ->
                throw new IllegalArgumentException("there is no config.json of a " + configuration.preset() + " model");
        };
        ObjectNode json = carried.deepCopy();
        json.setAll(written);
        return new ConfigurationFile(configuration, json);
    }

    public ModelConfiguration configuration() {
        return configuration;
    }

    /** Writes beside {@code file}, forces to disk and renames. */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, JSON.writeValueAsBytes(json));
    }
}
