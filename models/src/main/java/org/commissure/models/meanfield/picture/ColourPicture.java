package org.commissure.models.meanfield.picture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Matrix cells as an eight-bit RGB PNG (ISO/IEC 15948): blue under zero, white at zero, red above. */
final class ColourPicture {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int[] LOW = {33, 102, 172};
    private static final int[] HIGH = {178, 24, 43};

    private ColourPicture() {}

    /**
     * @param values [side, side] by rows; what is not finite is grey
     * @param limit value of the strongest red, and its negative of the strongest blue
     */
    static String base64(double[] values, int side, double limit) {
        byte[] raw = new byte[side * (3 * side + 1)]; // each row begins with filter 0
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                int at = row * (3 * side + 1) + 1 + 3 * column;
                for (int channel = 0; channel < 3; channel++) {
                    raw[at + channel] = (byte) colour(values[row * side + column] / limit, channel);
                }
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(SIGNATURE);
        chunk(
                png,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(side)
                        .putInt(side)
                        .put((byte) 8)
                        .put((byte) 2)
                        .array());
        chunk(png, "IDAT", deflated(raw));
        chunk(png, "IEND", new byte[0]);
        return Base64.getEncoder().encodeToString(png.toByteArray());
    }

    private static int colour(double share, int channel) {
        if (!Double.isFinite(share)) {
            return 128;
        }
        int end = share < 0 ? LOW[channel] : HIGH[channel];
        return (int) Math.round(255 + (end - 255) * Math.min(1, Math.abs(share)));
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
