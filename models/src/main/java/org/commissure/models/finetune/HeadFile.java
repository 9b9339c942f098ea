package org.commissure.models.finetune;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.commissure.models.weights.ParameterLayout;
import org.commissure.models.weights.Safetensors;
import org.jspecify.annotations.Nullable;

/**
 * A head on disk: one safetensors file with its weights, then {@code input.mean} and {@code input.deviation}; how it was
 * made is JSON in the file's metadata under {@value #DESCRIPTION}, so that weights and description cannot part.
 */
@SuppressWarnings("ArrayRecordComponent") // a file's content on its way to a model; never compared
record HeadFile(
        HeadSettings settings,
        HeadShape shape,
        Features features,
        TargetScale scale,
        float[] parameters,
        int bestEpoch) {
    static final String NAME = "head.safetensors";
    private static final String DESCRIPTION = "head";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** What the metadata says. @param shape null where the file is older than other shapes than BrainLM's */
    record Description(HeadSettings settings, @Nullable HeadShape shape, TargetScale scale, int width, int bestEpoch) {
        HeadShape known() {
            return shape == null ? HeadShape.brainLm(width) : shape;
        }
    }

    private static ParameterLayout layout(HeadShape shape, int width, int outputs) {
        var layout = new ParameterLayout.Builder();
        for (ParameterLayout.Tensor tensor : shape.layout(width, outputs).tensors()) {
            layout.add(tensor.name(), tensor.shape().toArray(Integer[]::new));
        }
        return layout.add("input.mean", width).add("input.deviation", width).build();
    }

    void write(Path file) throws IOException {
        int width = features.mean().length;
        ParameterLayout layout = layout(shape, width, settings.classes());
        float[] values = new float[layout.parameterCount()];
        System.arraycopy(parameters, 0, values, 0, parameters.length);
        System.arraycopy(features.mean(), 0, values, parameters.length, width);
        System.arraycopy(features.deviation(), 0, values, parameters.length + width, width);
        String description = JSON.writeValueAsString(new Description(settings, shape, scale, width, bestEpoch));
        Safetensors.write(file, layout, values, Map.of("format", "commissure-head", DESCRIPTION, description));
    }

    static HeadFile read(Path file) throws IOException {
        Safetensors.Contents contents = Safetensors.read(file);
        Description description;
        try {
            description = JSON.readValue(contents.metadata().getOrDefault(DESCRIPTION, ""), Description.class);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " does not describe a head in its metadata", e);
        }
        int width = description.width();
        if (width < 1
                || !contents.layout()
                        .equals(layout(
                                description.known(),
                                width,
                                description.settings().classes()))) {
            throw new IOException(file + " holds " + contents.layout() + ", not the head that its metadata describes");
        }
        float[] values = contents.values();
        int count = values.length - 2 * width;
        float[] parameters = new float[count];
        float[] mean = new float[width];
        float[] deviation = new float[width];
        System.arraycopy(values, 0, parameters, 0, count);
        System.arraycopy(values, count, mean, 0, width);
        System.arraycopy(values, count + width, deviation, 0, width);
        var features = new Features(description.settings().pooling(), mean, deviation);
        return new HeadFile(
                description.settings(),
                description.known(),
                features,
                description.scale(),
                parameters,
                description.bestEpoch());
    }
}
