package org.commissure.models.brainlm;

import java.util.Arrays;
import java.util.List;
import org.commissure.models.weights.ParameterLayout;

/**
 * Shape of a BrainLM model on parcel × time tokens. Token {@code parcel * patches() + patch} is {@code patchFrames}
 * consecutive frames of one parcel.
 *
 * @param windowFrames frames the model reads at once; a multiple of {@code patchFrames}
 * @param encoder widths and layers of the encoder; its width is even (the time encoding pairs sines with cosines)
 * @param decoder likewise; in the original both have the same width
 * @param layerNormEpsilon added to a row's variance
 * @param dropout probability with which an embedded value is dropped in training, after each time encoding
 * @param maskRatio share of tokens that are masked in training unless the caller draws masks itself
 * @param coordinatesMillimetres {@code [parcels][3]} atlas coordinates
 * @param repetitionTimeEmbedding every token carries the scan's repetition time (see {@link RepetitionTime}); only
 *     {@link Variant#COMMISSURE} has it
 */
@SuppressWarnings("ArrayRecordComponent") // copied in, and equality by content is defined below
public record BrainLmConfiguration(
        Variant variant,
        int parcels,
        int windowFrames,
        int patchFrames,
        Stack encoder,
        Stack decoder,
        Loss loss,
        double layerNormEpsilon,
        double dropout,
        double maskRatio,
        float[][] coordinatesMillimetres,
        boolean repetitionTimeEmbedding)
        implements ModelConfiguration {

    /** Longest token sequence. Nothing of tokens² is stored, but time still grows with it. */
    static final int MAXIMUM_TOKENS = 65_536;

    /** Which blocks and which coordinates. */
    public enum Variant {
        /** Pre-norm blocks, exact softmax attention, coordinates scaled to unit range. */
        COMMISSURE,
        /**
         * The published 13M model: post-norm blocks, softmax attention plus a depthwise convolution of the values along
         * the token axis, coordinates in millimetres.
         */
        ORIGINAL
    }

    public BrainLmConfiguration {
        positive("parcels", parcels);
        positive("windowFrames", windowFrames);
        positive("patchFrames", patchFrames);
        require(
                windowFrames % patchFrames == 0,
                "windowFrames = " + windowFrames + " is not a multiple of patchFrames = " + patchFrames);
        require(
                encoder.width() % 2 == 0,
                "hidden = " + encoder.width() + " is odd; the time encoding needs an even width");
        require(
                decoder.width() % 2 == 0,
                "decoder width = " + decoder.width() + " is odd; the time encoding needs an even width");
        require(
                variant == Variant.COMMISSURE || encoder.width() == decoder.width(),
                "encoder and decoder of the original have one width, not " + encoder.width() + " and "
                        + decoder.width());
        require(
                layerNormEpsilon > 0 && layerNormEpsilon < 1,
                "layerNormEpsilon = " + layerNormEpsilon + " does not lie in (0, 1)");
        require(dropout >= 0 && dropout < 1, "dropout = " + dropout + " does not lie in [0, 1)");
        require(
                maskRatio > 0 && maskRatio < 1,
                "maskRatio = " + maskRatio + " must lie strictly between 0 and 1: something must be seen and"
                        + " something predicted");
        long tokens = (long) parcels * (windowFrames / patchFrames);
        require(
                tokens >= 2 && tokens <= MAXIMUM_TOKENS,
                "parcels × patches = " + tokens + " tokens, but this engine takes 2 to " + MAXIMUM_TOKENS
                        + "; use a longer patch or a shorter window");
        require(
                variant == Variant.COMMISSURE || !repetitionTimeEmbedding,
                "the original has no embedding of the repetition time; a commissure preset can have it");
        coordinatesMillimetres = AtlasCoordinates.checkedCopy(coordinatesMillimetres, parcels);
    }

    /** Without an embedding of the repetition time. */
    public BrainLmConfiguration(
            Variant variant,
            int parcels,
            int windowFrames,
            int patchFrames,
            Stack encoder,
            Stack decoder,
            Loss loss,
            double layerNormEpsilon,
            double dropout,
            double maskRatio,
            float[][] coordinatesMillimetres) {
        this(
                variant,
                parcels,
                windowFrames,
                patchFrames,
                encoder,
                decoder,
                loss,
                layerNormEpsilon,
                dropout,
                maskRatio,
                coordinatesMillimetres,
                false);
    }

    /** A {@link Variant#COMMISSURE} model whose encoder and decoder share width, heads and feed-forward width. */
    public BrainLmConfiguration(
            int parcels,
            int windowFrames,
            int patchFrames,
            int hidden,
            int encoderLayers,
            int decoderLayers,
            int heads,
            int feedForward,
            float[][] coordinatesMillimetres) {
        this(
                Variant.COMMISSURE,
                parcels,
                windowFrames,
                patchFrames,
                new Stack(hidden, encoderLayers, heads, feedForward),
                new Stack(hidden, decoderLayers, heads, feedForward),
                Loss.MSE,
                1e-6,
                0,
                0.75,
                coordinatesMillimetres);
    }

    /**
     * The same with an embedding of the repetition time.
     *
     * @throws IllegalArgumentException if this is the original
     */
    public BrainLmConfiguration withRepetitionTimeEmbedding() {
        return new BrainLmConfiguration(
                variant,
                parcels,
                windowFrames,
                patchFrames,
                encoder,
                decoder,
                loss,
                layerNormEpsilon,
                dropout,
                maskRatio,
                coordinatesMillimetres,
                true);
    }

    @Override
    public String preset() {
        return variant == Variant.ORIGINAL ? "brainlm" : "commissure";
    }

    @Override
    public ParameterLayout layout() {
        return BrainLmLayout.of(this);
    }

    /** Patches in one parcel's window. */
    public int patches() {
        return windowFrames / patchFrames;
    }

    @Override
    public int tokens() {
        return parcels * patches();
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
                && shape().equals(o.shape())
                && Arrays.deepEquals(coordinatesMillimetres, o.coordinatesMillimetres);
    }

    @Override
    public int hashCode() {
        return 31 * shape().hashCode() + Arrays.deepHashCode(coordinatesMillimetres);
    }

    private List<Object> shape() {
        return List.of(
                variant,
                parcels,
                windowFrames,
                patchFrames,
                encoder,
                decoder,
                loss,
                layerNormEpsilon,
                dropout,
                maskRatio,
                repetitionTimeEmbedding);
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
