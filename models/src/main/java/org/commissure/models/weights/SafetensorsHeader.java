package org.commissure.models.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON header of a safetensors file, checked against the size of its data section.
 *
 * @param entries in the order of their data, without gaps or overlaps
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
    /** The reference implementation's limit. */
    static final int MAXIMUM_BYTES = 100_000_000;

    /** Longest array that every JVM allocates. */
    private static final int MAXIMUM_VALUES = Integer.MAX_VALUE - 8;

    static final String METADATA = "__metadata__";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * One tensor.
     *
     * @param shape empty for a single value; a dimension may be 0
     * @param begin first byte in the data section
     */
    record Entry(String name, SafetensorsType type, List<Integer> shape, long begin, long end) {
        int length() {
            return (int) ((end - begin) / type.bytes());
        }
    }

    /** Reads the header from the file's start and leaves the channel at the first byte of the data. */
    static SafetensorsHeader read(FileChannel in) throws IOException {
        long size = in.size();
        long length = fill(in, Long.BYTES, "its first 8 bytes").getLong();
        if (length < 0 || length > MAXIMUM_BYTES || length > size - Long.BYTES) {
            throw new MalformedSafetensorsException("says its header has " + Long.toUnsignedString(length)
                    + " bytes, but the file has " + size + " and a header at most " + MAXIMUM_BYTES);
        }
        byte[] json = fill(in, (int) length, "its header").array();
        return parse(json, size - Long.BYTES - length);
    }

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
        List<Entry> spans = new ArrayList<>();
        for (var field : root.properties()) {
            if (field.getKey().equals(METADATA)) {
                metadata.putAll(strings(field.getValue()));
            } else {
                spans.add(entry(field.getKey(), field.getValue()));
            }
        }
        spans.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = 0;
        for (Entry span : spans) {
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
            at = span.end();
        }
        if (at != dataBytes) {
            throw new MalformedSafetensorsException("has " + dataBytes + " bytes of data, but its header describes "
                    + at + (dataBytes < at ? ": truncated" : ": oversized"));
        }
        return new SafetensorsHeader(List.copyOf(spans), metadata);
    }

    /**
     * The layout of a file whose data section is one flat float32 vector.
     *
     * @throws MalformedSafetensorsException if it is not
     */
    ParameterLayout layout() throws MalformedSafetensorsException {
        var layout = new ParameterLayout.Builder();
        long values = 0;
        for (Entry entry : entries) {
            if (entry.type() != SafetensorsType.F32) {
                throw new MalformedSafetensorsException(
                        "tensor " + entry.name() + " has dtype '" + entry.type() + "'; only F32 is supported");
            }
            if (entry.length() == 0) {
                throw new MalformedSafetensorsException("tensor " + entry.name() + " has shape " + entry.shape()
                        + ": nothing in it, which no model has");
            }
            values += entry.length();
            if (values > MAXIMUM_VALUES) {
                throw new MalformedSafetensorsException(
                        "has more values than this version reads, which is " + MAXIMUM_VALUES);
            }
            layout.add(entry.name(), entry.shape().toArray(Integer[]::new));
        }
        return layout.build();
    }

    private static Map<String, String> strings(JsonNode node) throws MalformedSafetensorsException {
        Map<String, String> strings = new TreeMap<>();
        for (var entry : node.properties()) {
            if (!entry.getValue().isTextual()) {
                throw new MalformedSafetensorsException(METADATA + " has a value that is not a string");
            }
            strings.put(entry.getKey(), entry.getValue().textValue());
        }
        if (!node.isObject()) {
            throw new MalformedSafetensorsException(METADATA + " is not an object of strings");
        }
        return strings;
    }

    private static SafetensorsType type(String name, String dtype) throws MalformedSafetensorsException {
        for (SafetensorsType type : SafetensorsType.values()) {
            if (type.name().equals(dtype)) {
                return type;
            }
        }
        throw new MalformedSafetensorsException("tensor " + name + " has dtype '" + dtype + "', which is unknown");
    }

    private static Entry entry(String name, JsonNode node) throws MalformedSafetensorsException {
        SafetensorsType type = type(name, node.path("dtype").asText());
        JsonNode offsets = node.path("data_offsets");
        if (!node.path("shape").isArray()
                || offsets.size() != 2
                || !isLong(offsets.get(0))
                || !isLong(offsets.get(1))) {
            throw new MalformedSafetensorsException("tensor " + name + " lacks a shape or its two data offsets");
        }
        List<Integer> shape = new ArrayList<>();
        long values = 1;
        for (JsonNode dimension : node.path("shape")) {
            if (!isLong(dimension) || dimension.longValue() < 0) {
                throw new MalformedSafetensorsException(
                        "tensor " + name + " has dimension " + dimension + ", which is not a size");
            }
            if (dimension.longValue() > MAXIMUM_VALUES || values * dimension.longValue() > MAXIMUM_VALUES) {
                throw new MalformedSafetensorsException("tensor " + name + " is larger than this version reads");
            }
            shape.add(dimension.intValue());
            values *= dimension.longValue();
        }
        long begin = offsets.get(0).longValue();
        long end = offsets.get(1).longValue();
        if (begin < 0 || end < begin || end - begin != values * type.bytes()) {
            throw new MalformedSafetensorsException(
                    "tensor " + name + " has shape " + shape + " but spans bytes " + begin + " to " + end);
        }
        return new Entry(name, type, List.copyOf(shape), begin, end);
    }

    private static boolean isLong(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong();
    }

    private static ByteBuffer fill(FileChannel in, int bytes, String what) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        readFully(in, buffer, what);
        return buffer.flip();
    }

    static void readFully(FileChannel in, ByteBuffer buffer, String what) throws IOException {
        while (buffer.hasRemaining()) {
            if (in.read(buffer) < 0) {
                throw new MalformedSafetensorsException("ends inside " + what + ": truncated");
            }
        }
    }
}
