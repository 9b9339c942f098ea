package org.commissure.site.cli;

import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import org.commissure.models.picture.Png;

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

    private static byte[] png(float[] values, int rows, int columns, float low, float high) {
        byte[] samples = new byte[rows * columns];
        for (int cell = 0; cell < samples.length; cell++) {
            float share = high > low ? (values[cell] - low) / (high - low) : 0;
            samples[cell] = (byte) Math.round(255 * (1 - Math.clamp(share, 0f, 1f)));
        }
        return Png.grey(samples, rows, columns);
    }
}
