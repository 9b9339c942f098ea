package org.commissure.site.cli;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A matrix as SVG. The cells are one embedded grey-scale picture, because a rectangle each would make tens of
 * thousands; so the file needs no fetching and scales sharply. Darker is more; the scale ends at the 99th percentile.
 */
final class HeatMap {
    private static final int SIDE = 640;

    private HeatMap() {}

    /** @param values {@code [rows, columns]}, row-major, finite */
    static String svg(String title, float[] values, int rows, int columns) {
        float low = Float.POSITIVE_INFINITY;
        for (float value : values) {
            low = Math.min(low, value);
        }
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        float high = sorted[(int) (0.99 * (sorted.length - 1))];
        int height = Math.max(1, SIDE * rows / columns);
        return String.format(
                Locale.ROOT,
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img">
                <title>%s</title>
                <style>svg{background:#fff;color:#1a1a1a;font:13px system-ui,sans-serif}text{fill:currentColor}\
                rect{fill:none;stroke:currentColor}\
                @media (prefers-color-scheme:dark){svg{background:#0d1117;color:#e6edf3}}</style>
                <text x="20" y="24" font-weight="600">%s</text>
                <image x="20" y="40" width="%d" height="%d" preserveAspectRatio="none" \
                style="image-rendering:pixelated" href="data:image/png;base64,%s"/>
                <rect x="20" y="40" width="%d" height="%d"/>
                <text x="20" y="%d">white %.3g, black %.3g and above; parcel 1 at the top left</text>
                </svg>
                """,
                SIDE + 40,
                height + 80,
                title,
                title,
                SIDE,
                height,
                Base64.getEncoder().encodeToString(png(values, rows, columns, low, high)),
                SIDE,
                height,
                height + 62,
                low,
                high);
    }

    /** Eight-bit grey-scale PNG (ISO/IEC 15948), rows unfiltered. */
    private static byte[] png(float[] values, int rows, int columns, float low, float high) {
        byte[] raw = new byte[rows * (columns + 1)];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                float share = high > low ? (values[row * columns + column] - low) / (high - low) : 0;
                raw[row * (columns + 1) + 1 + column] = (byte) Math.round(255 * (1 - Math.clamp(share, 0f, 1f)));
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunk(
                png,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(columns)
                        .putInt(rows)
                        .put((byte) 8)
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
