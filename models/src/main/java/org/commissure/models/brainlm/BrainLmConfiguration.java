package org.commissure.models.brainlm;

import java.util.Arrays;

/**
 * Shape of a {@code commissure-small} model. Token {@code parcel * patches() + patch} is {@code patchFrames}
 * consecutive frames of one parcel. Encoder and decoder share {@code hidden}, {@code heads} and {@code feedForward}.
 *
 * @param windowFrames frames the model reads at once; a multiple of {@code patchFrames}
 * @param hidden width; even (the time encoding pairs sines with cosines) and a multiple of {@code heads}
 * @param coordinatesMillimetres {@code [parcels][3]} atlas coordinates; the model scales them to unit range itself
 */
@SuppressWarnings("ArrayRecordComponent") // copied in, and equality by content is defined below
public record BrainLmConfiguration(
        int parcels,
        int windowFrames,
        int patchFrames,
        int hidden,
        int encoderLayers,
        int decoderLayers,
        int heads,
        int feedForward,
        float[][] coordinatesMillimetres) {

    /** Longest token sequence; attention scores of one layer then take {@code heads × 64 MiB}. */
    static final int MAXIMUM_TOKENS = 4096;

    public BrainLmConfiguration {
        positive("parcels", parcels);
        positive("windowFrames", windowFrames);
        positive("patchFrames", patchFrames);
        positive("hidden", hidden);
        positive("encoderLayers", encoderLayers);
        positive("decoderLayers", decoderLayers);
        positive("heads", heads);
        positive("feedForward", feedForward);
        require(
                windowFrames % patchFrames == 0,
                "windowFrames = " + windowFrames + " is not a multiple of patchFrames = " + patchFrames);
        require(hidden % 2 == 0, "hidden = " + hidden + " is odd; the time encoding needs an even width");
        require(hidden % heads == 0, "heads = " + heads + " does not divide hidden = " + hidden);
        long tokens = (long) parcels * (windowFrames / patchFrames);
        require(
                tokens >= 2 && tokens <= MAXIMUM_TOKENS,
                "parcels × patches = " + tokens + " tokens, but this engine takes 2 to " + MAXIMUM_TOKENS
                        + "; use a longer patch or a shorter window");
        require(
                coordinatesMillimetres.length == parcels,
                "coordinatesMillimetres has " + coordinatesMillimetres.length + " rows for " + parcels + " parcels");
        float[][] copy = new float[parcels][];
        for (int p = 0; p < parcels; p++) {
            float[] row = coordinatesMillimetres[p];
            require(row.length == 3, "coordinatesMillimetres row " + p + " does not have three numbers");
            for (float value : row) {
                require(Float.isFinite(value), "coordinatesMillimetres row " + p + " is not finite");
            }
            copy[p] = row.clone();
        }
        coordinatesMillimetres = copy;
    }

    /** Patches in one parcel's window. */
    public int patches() {
        return windowFrames / patchFrames;
    }

    /** Tokens in one window. */
    public int tokens() {
        return parcels * patches();
    }

    /** Values in one window, {@code parcels * windowFrames}. */
    public int windowLength() {
        return parcels * windowFrames;
    }

    /** Width of one attention head. */
    public int headSize() {
        return hidden / heads;
    }

    /**
     * Coordinates centred on the middle of the atlas and divided by its largest half-extent over the three axes, so
     * that all lie in [−1, 1] and distances keep their proportions. {@code [parcels][3]}; zeros for a single point.
     * Raw millimetres would drown the signal: they give embeddings of RMS 1.2–3.9 against 0.09.
     */
    public float[][] unitCoordinates() {
        float[] middle = new float[3];
        float halfExtent = 0;
        for (int axis = 0; axis < 3; axis++) {
            float low = Float.POSITIVE_INFINITY;
            float high = Float.NEGATIVE_INFINITY;
            for (float[] row : coordinatesMillimetres) {
                low = Math.min(low, row[axis]);
                high = Math.max(high, row[axis]);
            }
            middle[axis] = low + (high - low) / 2;
            halfExtent = Math.max(halfExtent, (high - low) / 2);
        }
        float[][] unit = new float[parcels][3];
        if (halfExtent > 0) {
            for (int p = 0; p < parcels; p++) {
                for (int axis = 0; axis < 3; axis++) {
                    unit[p][axis] = (coordinatesMillimetres[p][axis] - middle[axis]) / halfExtent;
                }
            }
        }
        return unit;
    }

    @Override
    public float[][] coordinatesMillimetres() {
        return Arrays.stream(coordinatesMillimetres).map(float[]::clone).toArray(float[][]::new);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BrainLmConfiguration o
                && Arrays.equals(shape(), o.shape())
                && Arrays.deepEquals(coordinatesMillimetres, o.coordinatesMillimetres);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape()) + Arrays.deepHashCode(coordinatesMillimetres);
    }

    private int[] shape() {
        return new int[] {parcels, windowFrames, patchFrames, hidden, encoderLayers, decoderLayers, heads, feedForward};
    }

    private static void positive(String name, int value) {
        require(value > 0, name + " = " + value + " must be positive");
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("model configuration: " + problem);
        }
    }
}
