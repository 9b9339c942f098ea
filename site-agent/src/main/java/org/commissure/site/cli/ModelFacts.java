package org.commissure.site.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.Stack;
import org.commissure.models.brainlm.VitMaeConfiguration;

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
            facts.put("repetition_time_embedding", c.repetitionTimeEmbedding());
        }
        if (configuration instanceof VitMaeConfiguration c) {
            facts.put("image_size", c.imageSize());
            facts.put("patch_size", c.patch());
            facts.put("train_mode", c.mode().name().toLowerCase(Locale.ROOT));
            facts.put("divisor", c.divisor());
            facts.put("encoder", stack(c.encoder()));
            facts.put("decoder", stack(c.decoder()));
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
