package org.commissure.site.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.Stack;

/** What the commands say of a model's shape, under the same keys. */
final class ModelFacts {
    private ModelFacts() {}

    static Map<String, Object> of(ModelConfiguration configuration) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("preset", configuration.preset());
        facts.put("parameters", configuration.layout().parameterCount());
        facts.put("parcels", configuration.parcels());
        facts.put("window_frames", configuration.windowFrames());
        facts.put("tokens", configuration.tokens());
        facts.put("mask_ratio", configuration.maskRatio());
        if (configuration instanceof BrainLmConfiguration c) {
            facts.put("variant", c.variant().name().toLowerCase(Locale.ROOT));
            facts.put("patch_frames", c.patchFrames());
            facts.put("encoder", stack(c.encoder()));
            facts.put("decoder", stack(c.decoder()));
            facts.put("loss", c.loss().name().toLowerCase(Locale.ROOT));
            facts.put("dropout", c.dropout());
        }
        return facts;
    }

    static List<Map<String, Object>> tensors(Map<String, List<Integer>> shapes) {
        List<Map<String, Object>> tensors = new ArrayList<>();
        shapes.forEach((name, shape) -> {
            Map<String, Object> tensor = new LinkedHashMap<>();
            tensor.put("name", name);
            tensor.put("shape", shape);
            tensors.add(tensor);
        });
        return tensors;
    }

    private static Map<String, Object> stack(Stack stack) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("width", stack.width());
        facts.put("layers", stack.layers());
        facts.put("heads", stack.heads());
        facts.put("feed_forward", stack.feedForward());
        return facts;
    }
}
