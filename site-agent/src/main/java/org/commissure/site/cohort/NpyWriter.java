package org.commissure.site.cohort;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes what {@link NpyFile} reads: format version 1, little-endian float32, C order. */
final class NpyWriter {
    private NpyWriter() {}

    /** @param values row-major [parcels, frames] */
    static void write(Path file, float[] values, int parcels, int frames) throws IOException {
        String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + parcels + ", " + frames + "), }";
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
