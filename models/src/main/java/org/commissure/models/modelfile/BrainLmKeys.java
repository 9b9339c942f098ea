package org.commissure.models.modelfile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.BrainLmConfiguration.Variant;
import org.commissure.models.brainlm.Loss;
import org.commissure.models.brainlm.Stack;

/**
 * {@link BrainLmConfiguration} as keys of the original's {@code BrainLMConfig}, and what that class cannot say under
 * {@code commissure}.
 */
final class BrainLmKeys {
    static final String ORIGINAL_TYPE = "brainlm_mae";
    static final String COMMISSURE_TYPE = "commissure";

    /** Fixed in the original's {@code PositionalEncoding}, not a key of its configuration. */
    private static final double ORIGINAL_DROPOUT = 0.1;

    /** Default of the original's {@code BrainLMConfig}. */
    private static final double ORIGINAL_EPSILON = 1e-12;

    private static final String SEGMENTS = "segment_means_seq_len";
    private static final String LANDMARKS = "num_landmarks";
    private static final String NYSTROM = "with as many landmarks as segments attention is exact softmax; the"
            + " approximate (Nyström) branch does not exist here";

    /** What the original's model could be told, but neither its published weights nor this engine know. */
    static final Map<String, JsonNode> FIXED = Map.of(
            "hidden_act", TextNode.valueOf("gelu"),
            "hidden_dropout_prob", DoubleNode.valueOf(0),
            "norm_pix_loss", BooleanNode.FALSE,
            "use_tanh_decoder", BooleanNode.FALSE,
            "qkv_bias", BooleanNode.TRUE);

    /** Likewise; these shape the convolution of V and the unused {@code decoder_pred}. */
    private static final Map<String, JsonNode> FIXED_IN_ORIGINAL = Map.of(
            "conv_kernel_size",
            IntNode.valueOf(65),
            "patch_size",
            IntNode.valueOf(16),
            "num_channels",
            IntNode.valueOf(3));

    private static final String VARIANT = "variant";
    private static final String DROPOUT = "dropout";
    static final String COORDINATES = "coordinatesMillimetres";
    private static final String REPETITION_TIME = "repetitionTimeEmbedding";

    private BrainLmKeys() {}

    /** @param passed coordinates for a file that has none */
    static BrainLmConfiguration read(ObjectNode root, Optional<float[][]> passed)
            throws MalformedConfigurationException {
        var keys = new JsonKeys(root, "");
        var own = own(root, Set.of(VARIANT, DROPOUT, COORDINATES, REPETITION_TIME));
        Variant variant = variant(own, keys.text("model_type", ORIGINAL_TYPE));
        check(keys, variant);
        double epsilon = keys.number("layer_norm_eps", ORIGINAL_EPSILON);
        double dropout = own.number(DROPOUT, variant == Variant.ORIGINAL ? ORIGINAL_DROPOUT : 0);
        try {
            return new BrainLmConfiguration(
                    variant,
                    keys.integer("num_brain_voxels"),
                    keys.integer("num_timepoints_per_voxel"),
                    keys.integer("timepoint_patching_size"),
                    stack(keys, ""),
                    stack(keys, "decoder_"),
                    loss(keys),
                    epsilon,
                    dropout,
                    keys.number("mask_ratio"),
                    coordinates(own, passed),
                    own.flag(REPETITION_TIME, false));
        } catch (IllegalArgumentException e) {
            throw new MalformedConfigurationException(String.valueOf(e.getMessage()), e);
        }
    }

    static ObjectNode write(BrainLmConfiguration c) {
        boolean original = c.variant() == Variant.ORIGINAL;
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("model_type", original ? ORIGINAL_TYPE : COMMISSURE_TYPE);
        putStack(root, "", c.encoder());
        putStack(root, "decoder_", c.decoder());
        root.put("num_brain_voxels", c.parcels());
        root.put("num_timepoints_per_voxel", c.windowFrames());
        root.put("timepoint_patching_size", c.patchFrames());
        root.put("mask_ratio", c.maskRatio());
        root.put("loss_fn", c.loss().name().toLowerCase(Locale.ROOT));
        root.put("layer_norm_eps", c.layerNormEpsilon());
        root.setAll(FIXED);
        if (original) {
            root.setAll(FIXED_IN_ORIGINAL);
            root.put(SEGMENTS, 64);
            root.put(LANDMARKS, 64);
        }
        ObjectNode own = root.putObject(ConfigurationFile.OWN);
        own.put(VARIANT, c.variant().name().toLowerCase(Locale.ROOT));
        own.put(DROPOUT, c.dropout());
        if (c.repetitionTimeEmbedding()) {
            own.put(REPETITION_TIME, true);
        }
        putCoordinates(own, c.coordinatesMillimetres());
        return root;
    }

    /** The keys of ours, none of them unknown. */
    static JsonKeys own(ObjectNode root, Set<String> known) throws MalformedConfigurationException {
        JsonNode node = root.path(ConfigurationFile.OWN);
        if (!node.isMissingNode() && !node.isObject()) {
            throw new MalformedConfigurationException(ConfigurationFile.OWN + " is not an object");
        }
        ObjectNode object = node instanceof ObjectNode there ? there : JsonNodeFactory.instance.objectNode();
        Set<String> unknown = new TreeSet<>();
        object.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new MalformedConfigurationException(
                    ConfigurationFile.OWN + " has keys that this version does not know: " + String.join(", ", unknown));
        }
        return new JsonKeys(object, ConfigurationFile.OWN + ".");
    }

    private static Variant variant(JsonKeys own, String type) throws MalformedConfigurationException {
        Variant ofType = type.equals(COMMISSURE_TYPE) ? Variant.COMMISSURE : Variant.ORIGINAL;
        String expected = ofType.name().toLowerCase(Locale.ROOT);
        String named = own.text(VARIANT, expected);
        if (!named.equals(expected)) {
            throw own.problem(VARIANT, "is '" + named + "', but model_type " + type + " is '" + expected + "'");
        }
        return ofType;
    }

    private static void check(JsonKeys keys, Variant variant) throws MalformedConfigurationException {
        for (var fixed : FIXED.entrySet()) {
            keys.mustBe(fixed.getKey(), fixed.getValue(), "this engine computes nothing else");
        }
        if (variant == Variant.ORIGINAL) {
            for (var fixed : FIXED_IN_ORIGINAL.entrySet()) {
                keys.mustBe(fixed.getKey(), fixed.getValue(), "another shape than the published model's");
            }
            double segments = keys.number(SEGMENTS, 64);
            double landmarks = keys.number(LANDMARKS, 64);
            if (Double.compare(segments, landmarks) != 0) {
                throw keys.problem(
                        LANDMARKS, "is " + landmarks + " and " + SEGMENTS + " is " + segments + ": " + NYSTROM);
            }
        }
    }

    private static Loss loss(JsonKeys keys) throws MalformedConfigurationException {
        String name = keys.text("loss_fn", "mse");
        return switch (name) {
            case "mse" -> Loss.MSE;
            case "mae" -> Loss.MAE;
            default -> throw keys.problem("loss_fn", "is '" + name + "', neither mse nor mae");
        };
    }

    static Stack stack(JsonKeys keys, String prefix) throws MalformedConfigurationException {
        return new Stack(
                keys.integer(prefix + "hidden_size"),
                keys.integer(prefix + "num_hidden_layers"),
                keys.integer(prefix + "num_attention_heads"),
                keys.integer(prefix + "intermediate_size"));
    }

    static void putStack(ObjectNode root, String prefix, Stack stack) {
        root.put(prefix + "hidden_size", stack.width());
        root.put(prefix + "num_hidden_layers", stack.layers());
        root.put(prefix + "num_attention_heads", stack.heads());
        root.put(prefix + "intermediate_size", stack.feedForward());
    }

    static void putCoordinates(ObjectNode own, float[][] coordinatesMillimetres) {
        ArrayNode rows = own.putArray(COORDINATES);
        for (float[] row : coordinatesMillimetres) {
            rows.addArray().add(row[0]).add(row[1]).add(row[2]);
        }
    }

    static float[][] coordinates(JsonKeys own, Optional<float[][]> passed) throws MalformedConfigurationException {
        if (!own.has(COORDINATES)) {
            return passed.orElseThrow(() -> own.problem(
                    COORDINATES, "is missing: the original's file does not say where its parcels lie; pass them"));
        }
        if (passed.isPresent()) {
            throw own.problem(COORDINATES, "is in the file, and coordinates were passed as well");
        }
        JsonNode rows = own.object().path(COORDINATES);
        float[][] coordinates = new float[rows.size()][];
        for (int p = 0; p < coordinates.length; p++) {
            JsonNode row = rows.path(p);
            if (row.size() != 3
                    || !row.path(0).isNumber()
                    || !row.path(1).isNumber()
                    || !row.path(2).isNumber()) {
                throw own.problem(COORDINATES, "row " + p + " is not three numbers");
            }
            coordinates[p] = new float[] {
                row.get(0).floatValue(), row.get(1).floatValue(), row.get(2).floatValue()
            };
        }
        return coordinates;
    }
}
