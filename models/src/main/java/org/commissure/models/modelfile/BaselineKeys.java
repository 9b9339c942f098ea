package org.commissure.models.modelfile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.commissure.models.baseline.BaselineConfiguration;
import org.commissure.models.baseline.BaselineConfiguration.Family;

/**
 * {@link BaselineConfiguration} as keys: {@code model_type} is the family, window and masking have the original's names,
 * and widths, grid and coordinates lie under {@code commissure}.
 */
final class BaselineKeys {
    private static final String WIDTHS = "widths";
    private static final String CELL = "cellMillimetres";

    private BaselineKeys() {}

    /** The family that a {@code model_type} names. */
    static Optional<Family> family(String type) {
        return Arrays.stream(Family.values())
                .filter(family -> type(family).equals(type))
                .findFirst();
    }

    private static String type(Family family) {
        return family.name().toLowerCase(Locale.ROOT);
    }

    /** @param passed coordinates for a file that has none */
    static BaselineConfiguration read(Family family, ObjectNode root, Optional<float[][]> passed)
            throws MalformedConfigurationException {
        var keys = new JsonKeys(root, "");
        var own = BrainLmKeys.own(root, Set.of(WIDTHS, CELL, BrainLmKeys.COORDINATES));
        try {
            return new BaselineConfiguration(
                    family,
                    keys.integer("num_brain_voxels"),
                    keys.integer("num_timepoints_per_voxel"),
                    keys.integer("timepoint_patching_size"),
                    widths(own),
                    own.number(CELL, BaselineConfiguration.DEFAULT_CELL_MILLIMETRES),
                    keys.number("mask_ratio"),
                    BrainLmKeys.coordinates(own, passed));
        } catch (IllegalArgumentException e) {
            throw new MalformedConfigurationException(String.valueOf(e.getMessage()), e);
        }
    }

    static ObjectNode write(BaselineConfiguration c) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("model_type", type(c.family()));
        root.put("num_brain_voxels", c.parcels());
        root.put("num_timepoints_per_voxel", c.windowFrames());
        root.put("timepoint_patching_size", c.patchFrames());
        root.put("mask_ratio", c.maskRatio());
        ObjectNode own = root.putObject(ConfigurationFile.OWN);
        ArrayNode widths = own.putArray(WIDTHS);
        c.widths().forEach(widths::add);
        own.put(CELL, c.cellMillimetres());
        BrainLmKeys.putCoordinates(own, c.coordinatesMillimetres());
        return root;
    }

    private static List<Integer> widths(JsonKeys own) throws MalformedConfigurationException {
        JsonNode array = own.object().path(WIDTHS);
        List<Integer> widths = new ArrayList<>();
        for (JsonNode width : array) {
            if (!width.isInt()) {
                throw own.problem(WIDTHS, "holds " + width + ", not an integer of 32 bits");
            }
            widths.add(width.intValue());
        }
        if (!array.isArray() || widths.isEmpty()) {
            throw own.problem(WIDTHS, "is not a list of at least one width");
        }
        return widths;
    }
}
