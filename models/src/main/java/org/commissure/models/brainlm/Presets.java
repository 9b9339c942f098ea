package org.commissure.models.brainlm;

import java.util.List;
import org.commissure.models.brainlm.BrainLmConfiguration.Variant;

/**
 * The named sizes.
 *
 * <table>
 *   <caption>Encoder; decoder, each as width / layers / heads / feed-forward</caption>
 *   <tr><td>{@code commissure-small}</td><td>64 / 2 / 4 / 128; 64 / 1 / 4 / 128</td></tr>
 *   <tr><td>{@code commissure-base}</td><td>256 / 4 / 4 / 1024; 128 / 2 / 4 / 512</td></tr>
 *   <tr><td>{@code brainlm-13m}</td><td>512 / 4 / 4 / 1024; 512 / 2 / 4 / 1024</td></tr>
 *   <tr><td>{@code brainlm-111m}</td><td>768 / 12 / 12 / 3072; 512 / 8 / 16 / 2048</td></tr>
 *   <tr><td>{@code brainlm-650m}</td><td>1280 / 32 / 16 / 5120; 512 / 8 / 16 / 2048</td></tr>
 * </table>
 *
 * {@code commissure-small} is for federated training under patient-level privacy, where noise grows with the number of
 * parameters: 64 values are room for ten patches of time, twenty frames of signal and three axes in directions of their
 * own (see {@link Initialisation}), and a head of 16 reads time and place together. {@code commissure-base} is the size
 * to pretrain without noise; its decoder is half as wide because it runs over all tokens, the encoder over a quarter.
 */
public final class Presets {
    public static final String COMMISSURE_SMALL = "commissure-small";
    public static final String COMMISSURE_BASE = "commissure-base";
    public static final String BRAINLM_13M = "brainlm-13m";

    public static final String BRAINLM_111M = "brainlm-111m";
    public static final String BRAINLM_650M = "brainlm-650m";

    /** Parameters of the published 13M model, of which 393,984 are never used. */
    static final int BRAINLM_13M_PARAMETERS = 13_429_292;

    private static final int PUBLISHED_PATCH_FRAMES = 20;

    private Presets() {}

    /** Every name that {@link #named} knows. */
    public static List<String> names() {
        return List.of(COMMISSURE_SMALL, COMMISSURE_BASE, BRAINLM_13M, BRAINLM_111M, BRAINLM_650M);
    }

    /**
     * The number of parcels is that of the coordinates. {@code brainlm-13m} was published for 424 parcels × 200 frames
     * in patches of 20; its weights fit any number of parcels and any window, but no other patch. The
     * two larger models read images of 432 and 434 rows in square patches of 16 and 14, whatever {@code patchFrames}
     * says; parcels and frames must leave an even border.
     *
     * @throws IllegalArgumentException if the name is unknown, or window, patch or coordinates do not fit
     */
    public static ModelConfiguration named(
            String preset, float[][] coordinatesMillimetres, int windowFrames, int patchFrames) {
        return switch (preset) {
            case COMMISSURE_SMALL ->
                commissure(
                        new Stack(64, 2, 4, 128),
                        new Stack(64, 1, 4, 128),
                        coordinatesMillimetres,
                        windowFrames,
                        patchFrames);
            case COMMISSURE_BASE ->
                commissure(
                        new Stack(256, 4, 4, 1024),
                        new Stack(128, 2, 4, 512),
                        coordinatesMillimetres,
                        windowFrames,
                        patchFrames);
            case BRAINLM_13M -> brainLm13m(coordinatesMillimetres, windowFrames, patchFrames);
            case BRAINLM_111M -> vitMae(new Stack(768, 12, 12, 3072), 432, 16, coordinatesMillimetres, windowFrames);
            case BRAINLM_650M -> vitMae(new Stack(1280, 32, 16, 5120), 434, 14, coordinatesMillimetres, windowFrames);
            default ->
                throw new IllegalArgumentException(
                        "there is no preset '" + preset + "'; there are " + String.join(", ", names()));
        };
    }

    private static BrainLmConfiguration commissure(
            Stack encoder, Stack decoder, float[][] coordinatesMillimetres, int windowFrames, int patchFrames) {
        return new BrainLmConfiguration(
                Variant.COMMISSURE,
                coordinatesMillimetres.length,
                windowFrames,
                patchFrames,
                encoder,
                decoder,
                Loss.MSE,
                1e-6,
                0,
                0.75,
                coordinatesMillimetres);
    }

    private static VitMaeConfiguration vitMae(
            Stack encoder, int imageSize, int patch, float[][] coordinatesMillimetres, int windowFrames) {
        return new VitMaeConfiguration(
                coordinatesMillimetres.length,
                windowFrames,
                imageSize,
                patch,
                encoder,
                new Stack(512, 8, 16, 2048),
                VitMaeConfiguration.Mode.AUTO_ENCODE,
                1e-12,
                0.75,
                VitMaeConfiguration.ORIGINAL_DIVISOR,
                VitMaeConfiguration.orderByY(coordinatesMillimetres));
    }

    private static BrainLmConfiguration brainLm13m(
            float[][] coordinatesMillimetres, int windowFrames, int patchFrames) {
        if (patchFrames != PUBLISHED_PATCH_FRAMES) {
            throw new IllegalArgumentException(
                    BRAINLM_13M + " reads patches of " + PUBLISHED_PATCH_FRAMES + " frames, not " + patchFrames);
        }
        var configuration = new BrainLmConfiguration(
                Variant.ORIGINAL,
                coordinatesMillimetres.length,
                windowFrames,
                patchFrames,
                new Stack(512, 4, 4, 1024),
                new Stack(512, 2, 4, 1024),
                Loss.MSE,
                1e-12,
                0.1,
                0.2,
                coordinatesMillimetres);
        int parameters = configuration.layout().parameterCount();
        if (parameters != BRAINLM_13M_PARAMETERS) {
            throw new IllegalStateException(BRAINLM_13M + " has " + parameters + " parameters");
        }
        return configuration;
    }
}
