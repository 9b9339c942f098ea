package org.commissure.models.brainlm;

/** From a patient's series to the window that the model reads. */
public final class WindowPreparation {
    /** A parcel whose standard deviation is below this share of its mean magnitude did not vary at all. */
    private static final double CONSTANT = 1e-6;

    private WindowPreparation() {}

    /**
     * Scales every parcel to mean 0 and (population) variance 1 over the whole scan and cuts frames
     * {@code [start, start + windowFrames)}. The scale is the scan's and not the window's: over a short window, the
     * visible patches and a mean of zero would tell the mean of the masked ones. A parcel that is constant, for example
     * outside the scanner's field of view, becomes zeros.
     *
     * @param series {@code [parcels, frames]}, row-major; not modified
     * @return {@code [parcels, windowFrames]}, row-major
     * @throws IllegalArgumentException if lengths do not fit or a value is not finite
     */
    public static float[] standardise(float[] series, int parcels, int frames, int start, int windowFrames) {
        if (parcels < 1 || frames < 1 || series.length != (long) parcels * frames) {
            throw new IllegalArgumentException(
                    "series has " + series.length + " values, not " + parcels + " parcels × " + frames + " frames");
        }
        if (windowFrames < 1 || start < 0 || start > frames - windowFrames) {
            throw new IllegalArgumentException("window of " + windowFrames + " frames from frame " + start
                    + " does not fit into " + frames + " frames");
        }
        float[] window = new float[parcels * windowFrames];
        for (int p = 0; p < parcels; p++) {
            standardiseParcel(series, p * frames, frames, start, window, p * windowFrames, windowFrames);
        }
        return window;
    }

    private static void standardiseParcel(
            float[] from, int at, int frames, int start, float[] to, int out, int windowFrames) {
        double sum = 0;
        double magnitude = 0;
        for (int t = at; t < at + frames; t++) {
            if (!Float.isFinite(from[t])) {
                throw new IllegalArgumentException("series has a value that is not finite");
            }
            sum += from[t];
            magnitude += Math.abs(from[t]);
        }
        double mean = sum / frames;
        double squares = 0;
        for (int t = at; t < at + frames; t++) {
            double d = from[t] - mean;
            squares += d * d;
        }
        double deviation = Math.sqrt(squares / frames);
        if (deviation <= CONSTANT * magnitude / frames) {
            return;
        }
        for (int t = 0; t < windowFrames; t++) {
            to[out + t] = (float) ((from[at + start + t] - mean) / deviation);
        }
    }
}
