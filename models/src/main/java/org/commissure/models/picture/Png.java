package org.commissure.models.picture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes PNG files of eight bits a sample (ISO/IEC 15948), rows unfiltered. */
public final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte EIGHT_BITS = 8;
    private static final byte GREY = 0;
    private static final byte RGB = 2;

    private Png() {}

    /** @param samples [rows, columns], 0 black … 255 white */
    public static byte[] grey(byte[] samples, int rows, int columns) {
        return of(samples, rows, columns, 1, GREY);
    }

    /** @param samples [rows, columns, 3]: red, green, blue */
    public static byte[] rgb(byte[] samples, int rows, int columns) {
        return of(samples, rows, columns, 3, RGB);
    }

    private static byte[] of(byte[] samples, int rows, int columns, int channels, byte colourType) {
        int width = columns * channels;
        if (samples.length != rows * width || samples.length == 0) {
            throw new IllegalArgumentException("a picture of " + rows + " × " + columns + " × " + channels + " has "
                    + rows * width + " samples, at least one, not " + samples.length);
        }
        byte[] raw = new byte[rows * (width + 1)]; // each row begins with filter 0
        for (int row = 0; row < rows; row++) {
            System.arraycopy(samples, row * width, raw, row * (width + 1) + 1, width);
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(SIGNATURE);
        chunk(
                png,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(columns)
                        .putInt(rows)
                        .put(EIGHT_BITS)
                        .put(colourType)
                        .array());
        chunk(png, "IDAT", deflated(raw));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static byte[] deflated(byte[] raw) {
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
            deflater.setInput(raw);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[8_192];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        }
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        png.writeBytes(ByteBuffer.allocate(12 + data.length)
                .putInt(data.length)
                .put(name)
                .put(data)
                .putInt((int) crc.getValue())
                .array());
    }
}
