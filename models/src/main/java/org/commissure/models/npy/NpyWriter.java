package org.commissure.models.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Writes what {@link NpyFile} reads: format version 1, little-endian float32, C order. */
public final class NpyWriter {
    private NpyWriter() {}

    /**
     * @param values row-major
     * @param shape dimensions, slowest first
     * @throws IllegalArgumentException if the shape does not have that many values
     */
    public static void write(Path file, float[] values, int... shape) throws IOException {
        if (Arrays.stream(shape).reduce(1, Math::multiplyExact) != values.length) {
            throw new IllegalArgumentException(
                    values.length + " values do not have the shape " + Arrays.toString(shape));
        }
        String dimensions = Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "))
                + (shape.length == 1 ? "," : "");
        String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + dimensions + "), }";
        // The format asks for data at a multiple of 64 bytes and a newline before them.
        int headerBytes = (10 + dictionary.length() + 1 + 63) / 64 * 64 - 10;
        ByteBuffer bytes = ByteBuffer.allocate(10 + headerBytes + values.length * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) headerBytes);
        bytes.put((dictionary + " ".repeat(headerBytes - dictionary.length() - 1) + "\n")
                .getBytes(StandardCharsets.US_ASCII));
        bytes.asFloatBuffer().put(values);
        Files.write(file, bytes.array());
    }
}
