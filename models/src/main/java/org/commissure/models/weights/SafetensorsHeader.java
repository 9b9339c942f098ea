package org.commissure.models.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The JSON header of a safetensors file, checked against the size of its data section. */
record SafetensorsHeader(ParameterLayout layout, Map<String, String> metadata) {
    /** The reference implementation's limit. */
    static final int MAXIMUM_BYTES = 100_000_000;

    /** Longest array that every JVM allocates. */
    private static final int MAXIMUM_VALUES = Integer.MAX_VALUE - 8;

    static final String METADATA = "__metadata__";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private record Span(String name, List<Integer> shape, long begin, long end) {}

    static SafetensorsHeader parse(byte[] header, long dataBytes) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(header);
        } catch (JsonProcessingException e) {
            throw new MalformedSafetensorsException("has a header that is not JSON, or names a tensor twice", e);
        }
        if (root == null || !root.isObject()) {
            throw new MalformedSafetensorsException("has a header that is not a JSON object");
        }
        Map<String, String> metadata = new TreeMap<>();
        List<Span> spans = new ArrayList<>();
        for (var field : root.properties()) {
            if (field.getKey().equals(METADATA)) {
                for (var entry : field.getValue().properties()) {
                    metadata.put(entry.getKey(), entry.getValue().asText());
                }
            } else {
                spans.add(span(field.getKey(), field.getValue()));
            }
        }
        spans.sort(Comparator.comparingLong(Span::begin).thenComparingLong(Span::end));
        if (dataBytes / Float.BYTES > MAXIMUM_VALUES) {
            throw new MalformedSafetensorsException(
                    "has " + dataBytes + " bytes of data; this version reads at most " + MAXIMUM_VALUES + " values");
        }
        var layout = new ParameterLayout.Builder();
        long at = 0;
        for (Span span : spans) {
            if (span.begin() != at) {
                throw new MalformedSafetensorsException("tensor " + span.name() + " begins at byte " + span.begin()
                        + (span.begin() < at
                                ? ", overlapping the one before, which ends at "
                                : ", leaving a gap after ")
                        + at);
            }
            if (span.end() > dataBytes) {
                throw new MalformedSafetensorsException("tensor " + span.name() + " ends at byte " + span.end()
                        + ", but there are " + dataBytes + " bytes of data: truncated");
            }
            layout.add(span.name(), span.shape().toArray(Integer[]::new));
            at = span.end();
        }
        if (at != dataBytes) {
            throw new MalformedSafetensorsException("has " + dataBytes + " bytes of data, but its header describes "
                    + at + (dataBytes < at ? ": truncated" : ": oversized"));
        }
        return new SafetensorsHeader(layout.build(), metadata);
    }

    private static Span span(String name, JsonNode node) throws MalformedSafetensorsException {
        String dtype = node.path("dtype").asText();
        if (!dtype.equals("F32")) {
            throw new MalformedSafetensorsException(
                    "tensor " + name + " has dtype '" + dtype + "'; only F32 is supported");
        }
        JsonNode offsets = node.path("data_offsets");
        if (!node.path("shape").isArray()
                || offsets.size() != 2
                || !offsets.get(0).canConvertToLong()
                || !offsets.get(1).canConvertToLong()) {
            throw new MalformedSafetensorsException("tensor " + name + " lacks a shape or its two data offsets");
        }
        List<Integer> shape = new ArrayList<>();
        long values = 1;
        for (JsonNode dimension : node.path("shape")) {
            if (!dimension.isInt() || dimension.intValue() < 1) {
                throw new MalformedSafetensorsException("tensor " + name + " has a dimension that is not positive");
            }
            shape.add(dimension.intValue());
            values *= dimension.intValue();
            if (values > MAXIMUM_VALUES) {
                throw new MalformedSafetensorsException("tensor " + name + " is larger than this version reads");
            }
        }
        long begin = offsets.get(0).longValue();
        long end = offsets.get(1).longValue();
        if (begin < 0 || end - begin != values * Float.BYTES) {
            throw new MalformedSafetensorsException(
                    "tensor " + name + " has shape " + shape + " but spans " + (end - begin) + " bytes from " + begin);
        }
        return new Span(name, shape, begin, end);
    }
}
