package org.commissure.models.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.commissure.models.durable.AtomicFile;

/**
 * Files in the <a href="https://huggingface.co/docs/safetensors">safetensors</a> format: the header's length (8 bytes,
 * little-endian), a JSON header padded with spaces to 8 bytes, then the data. Ours hold float32 only, and the data
 * section is exactly the flat parameter vector, little-endian, in the layout's order. So whoever treats the header as
 * an opaque prefix can add vectors without knowing any tensor.
 */
public final class Safetensors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHUNK_BYTES = 1 << 20;

    private Safetensors() {}

    /**
     * What a file holds.
     *
     * @param layout tensors in the order of their data
     * @param values the flat vector
     * @param metadata the header's free-form strings, sorted
     */
    @SuppressWarnings("ArrayRecordComponent") // a file's content on its way to a model; never compared
    public record Contents(ParameterLayout layout, float[] values, Map<String, String> metadata) {}

    /**
     * Writes beside {@code file}, forces to disk and renames, so that a reader sees the old file or the new one.
     *
     * @throws IllegalArgumentException if {@code values} is not as long as the layout says
     */
    public static void write(Path file, ParameterLayout layout, float[] values, Map<String, String> metadata)
            throws IOException {
        if (values.length != layout.parameterCount()) {
            throw new IllegalArgumentException(
                    "layout has " + layout.parameterCount() + " parameters, got " + values.length + " values");
        }
        byte[] header = header(layout, metadata);
        AtomicFile.write(file, out -> {
            ByteBuffer buffer = ByteBuffer.allocate(Math.max(CHUNK_BYTES, header.length + Long.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            buffer.putLong(header.length).put(header);
            drain(buffer, out);
            for (float value : values) {
                if (buffer.remaining() < Float.BYTES) {
                    drain(buffer, out);
                }
                buffer.putFloat(value);
            }
            drain(buffer, out);
        });
    }

    /**
     * Reads any float32 safetensors file.
     *
     * @throws MalformedSafetensorsException if the file is truncated, has bytes too many, gaps, overlaps, another dtype
     *     or a header that is not what the format says
     */
    public static Contents read(Path file) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            SafetensorsHeader header = SafetensorsHeader.read(in);
            ParameterLayout layout = header.layout();
            float[] values = new float[layout.parameterCount()];
            ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at < values.length; ) {
                buffer.clear().limit((int) Math.min(CHUNK_BYTES, (long) Float.BYTES * (values.length - at)));
                SafetensorsHeader.readFully(in, buffer, "its data");
                int count = buffer.flip().remaining() / Float.BYTES;
                buffer.asFloatBuffer().get(values, at, count);
                at += count;
            }
            return new Contents(layout, values, header.metadata());
        }
    }

    /**
     * Reads a file that must hold exactly {@code layout}.
     *
     * @return the flat vector
     * @throws MalformedSafetensorsException also if tensors, shapes or their order differ; names the first difference
     */
    public static float[] read(Path file, ParameterLayout layout) throws IOException {
        return requireLayout(read(file), layout).values();
    }

    /**
     * The same contents.
     *
     * @throws MalformedSafetensorsException if they are not exactly {@code layout}; names the first difference
     */
    public static Contents requireLayout(Contents contents, ParameterLayout layout)
            throws MalformedSafetensorsException {
        int common =
                Math.min(contents.layout().tensors().size(), layout.tensors().size());
        for (int i = 0; i < common; i++) {
            var found = contents.layout().tensors().get(i);
            var expected = layout.tensors().get(i);
            if (!found.equals(expected)) {
                throw new MalformedSafetensorsException("holds " + found.name() + " " + found.shape()
                        + " where the model has " + expected.name() + " " + expected.shape());
            }
        }
        if (!contents.layout().equals(layout)) {
            throw new MalformedSafetensorsException("holds " + contents.layout() + ", but the model has " + layout);
        }
        return contents;
    }

    private static byte[] header(ParameterLayout layout, Map<String, String> metadata) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode strings = root.putObject(SafetensorsHeader.METADATA);
            new TreeMap<>(metadata).forEach(strings::put);
        }
        for (var tensor : layout.tensors()) {
            ObjectNode node = root.putObject(tensor.name());
            node.put("dtype", "F32");
            var shape = node.putArray("shape");
            tensor.shape().forEach(shape::add);
            long begin = (long) Float.BYTES * tensor.offset();
            node.putArray("data_offsets").add(begin).add(begin + (long) Float.BYTES * tensor.length());
        }
        byte[] json = JSON.writeValueAsBytes(root);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    private static void drain(ByteBuffer buffer, FileChannel out) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        buffer.clear();
    }
}
