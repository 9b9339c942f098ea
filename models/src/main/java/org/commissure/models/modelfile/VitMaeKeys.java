package org.commissure.models.modelfile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.commissure.models.brainlm.VitMaeConfiguration;

/** {@link VitMaeConfiguration} as keys of Hugging Face's {@code ViTMAEConfig} and the original's {@code train_mode}. */
final class VitMaeKeys {
    static final String TYPE = "vit_mae";

    /** Default of {@code ViTMAEConfig}. */
    private static final double EPSILON = 1e-12;

    /** What the published models read. */
    private static final int PUBLISHED_FRAMES = 200;

    private static final String FRAMES = "num_timepoints_per_voxel";
    private static final String OWN_FRAMES = "windowFrames";
    private static final String DIVISOR = "divisor";
    private static final String ORDER = "parcelOrder";

    private VitMaeKeys() {}

    /** @param passed coordinates for a file that does not say how parcels become rows: those are sorted by Y */
    static VitMaeConfiguration read(ObjectNode root, Optional<float[][]> passed)
            throws MalformedConfigurationException {
        var keys = new JsonKeys(root, "");
        var own = BrainLmKeys.own(root, Set.of(OWN_FRAMES, DIVISOR, ORDER));
        for (var fixed : BrainLmKeys.FIXED.entrySet()) {
            keys.mustBe(fixed.getKey(), fixed.getValue(), "this engine computes nothing else");
        }
        keys.mustBe("num_channels", IntNode.valueOf(3), "the three channels show the same");
        keys.mustBe("loss_fn", TextNode.valueOf("mse"), "this engine computes nothing else");
        int[] order = order(own, passed);
        int frames = own.has(OWN_FRAMES)
                ? own.integer(OWN_FRAMES)
                : keys.has(FRAMES) ? keys.integer(FRAMES) : PUBLISHED_FRAMES;
        try {
            return new VitMaeConfiguration(
                    order.length,
                    frames,
                    imageSize(keys),
                    keys.integer("patch_size"),
                    BrainLmKeys.stack(keys, ""),
                    BrainLmKeys.stack(keys, "decoder_"),
                    mode(keys),
                    keys.number("layer_norm_eps", EPSILON),
                    keys.number("mask_ratio"),
                    own.number(DIVISOR, VitMaeConfiguration.ORIGINAL_DIVISOR),
                    order);
        } catch (IllegalArgumentException e) {
            throw new MalformedConfigurationException(String.valueOf(e.getMessage()), e);
        }
    }

    static ObjectNode write(VitMaeConfiguration c) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("model_type", TYPE);
        BrainLmKeys.putStack(root, "", c.encoder());
        BrainLmKeys.putStack(root, "decoder_", c.decoder());
        root.putArray("image_size").add(c.imageSize()).add(c.imageSize());
        root.put("patch_size", c.patch());
        root.put("num_channels", 3);
        root.put("mask_ratio", c.maskRatio());
        root.put("layer_norm_eps", c.layerNormEpsilon());
        root.put("train_mode", c.mode().name().toLowerCase(Locale.ROOT));
        root.setAll(BrainLmKeys.FIXED);
        ObjectNode own = root.putObject(ConfigurationFile.OWN);
        own.put(OWN_FRAMES, c.windowFrames());
        own.put(DIVISOR, c.divisor());
        ArrayNode order = own.putArray(ORDER);
        for (int parcel : c.order()) {
            order.add(parcel);
        }
        return root;
    }

    private static int imageSize(JsonKeys keys) throws MalformedConfigurationException {
        JsonNode size = keys.object().path("image_size");
        if (!size.isArray()) {
            return keys.integer("image_size");
        }
        if (size.size() != 2 || !size.path(0).isInt() || !size.path(0).equals(size.path(1))) {
            throw keys.problem("image_size", "is " + size + ", not a square");
        }
        return size.path(0).intValue();
    }

    private static VitMaeConfiguration.Mode mode(JsonKeys keys) throws MalformedConfigurationException {
        String name = keys.text("train_mode", "auto_encode");
        for (VitMaeConfiguration.Mode mode : VitMaeConfiguration.Mode.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(name)) {
                return mode;
            }
        }
        throw keys.problem("train_mode", "is '" + name + "', none of auto_encode, predict_last, predict_last_pixel");
    }

    private static int[] order(JsonKeys own, Optional<float[][]> passed) throws MalformedConfigurationException {
        if (!own.has(ORDER)) {
            return VitMaeConfiguration.orderByY(passed.orElseThrow(() -> own.problem(
                    ORDER, "is missing: the original's file does not say where its parcels lie; pass coordinates")));
        }
        if (passed.isPresent()) {
            throw own.problem(ORDER, "is in the file, and coordinates were passed as well");
        }
        JsonNode rows = own.object().path(ORDER);
        int[] order = new int[rows.size()];
        for (int row = 0; row < order.length; row++) {
            if (!rows.path(row).isInt()) {
                throw own.problem(ORDER, "entry " + row + " is not a parcel");
            }
            order[row] = rows.path(row).intValue();
        }
        return order;
    }
}
