package org.commissure.models.meanfield.picture;

import java.util.Base64;
import org.commissure.models.picture.Png;

/** Matrix cells as a coloured PNG: blue under zero, white at zero, red above. */
final class ColourPicture {
    private static final int[] LOW = {33, 102, 172};
    private static final int[] HIGH = {178, 24, 43};

    private ColourPicture() {}

    /**
     * @param values [side, side] by rows; what is not finite is grey
     * @param limit value of the strongest red, and its negative of the strongest blue
     */
    static byte[] png(double[] values, int side, double limit) {
        byte[] samples = new byte[3 * side * side];
        for (int cell = 0; cell < side * side; cell++) {
            for (int channel = 0; channel < 3; channel++) {
                samples[3 * cell + channel] = (byte) colour(values[cell] / limit, channel);
            }
        }
        return Png.rgb(samples, side, side);
    }

    /** The same to stand in an SVG. */
    static String base64(double[] values, int side, double limit) {
        return Base64.getEncoder().encodeToString(png(values, side, limit));
    }

    private static int colour(double share, int channel) {
        if (!Double.isFinite(share)) {
            return 128;
        }
        int end = share < 0 ? LOW[channel] : HIGH[channel];
        return (int) Math.round(255 + (end - 255) * Math.min(1, Math.abs(share)));
    }
}
