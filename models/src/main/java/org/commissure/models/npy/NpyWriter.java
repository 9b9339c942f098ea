package org.commissure.models.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Writes what {@link NpyFile} reads: format version 1, little-endian, C order. */
public final class NpyWriter {
    private NpyWriter() {}

    /**
     * A file of float32 values.
     *
     * @param values row-major
     * @param shape dimensions, slowest first
     * @throws IllegalArgumentException if the shape does not have that many values
     */
    public static void write(Path file, float[] values, int... shape) throws IOException {
        Files.write(file, bytes(values, shape));
    }

    /** A whole file of float32 values; as {@link #write} otherwise. */
    public static byte[] bytes(float[] values, int... shape) {
        checkShape(values.length, shape);
        ByteBuffer bytes = withHeader("<f4", Math.multiplyExact(values.length, Float.BYTES), shape);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** A whole file of float64 values; as {@link #write} otherwise. */
    public static byte[] bytes(double[] values, int... shape) {
        checkShape(values.length, shape);
        ByteBuffer bytes = withHeader("<f8", Math.multiplyExact(values.length, Double.BYTES), shape);
        bytes.asDoubleBuffer().put(values);
        return bytes.array();
    }

    private static void checkShape(int values, int[] shape) {
        if (Arrays.stream(shape).reduce(1, Math::multiplyExact) != values) {
            throw new IllegalArgumentException(values + " values do not have the shape " + Arrays.toString(shape));
        }
    }

    private static ByteBuffer withHeader(String descr, int valueBytes, int[] shape) {
        String dimensions = Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "))
                + (shape.length == 1 ? "," : "");
        String dictionary = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + dimensions + "), }";
        // The format asks for data at a multiple of 64 bytes and a newline before them.
        int headerBytes = (10 + dictionary.length() + 1 + 63) / 64 * 64 - 10;
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.addExact(10 + headerBytes, valueBytes)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) headerBytes);
        bytes.put((dictionary + " ".repeat(headerBytes - dictionary.length() - 1) + "\n")
                .getBytes(StandardCharsets.US_ASCII));
        return bytes;
    }
}
