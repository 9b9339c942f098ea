package org.commissure.models.benchmark;

import java.util.List;
import java.util.SplittableRandom;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.BrainLmConfiguration.Variant;
import org.commissure.models.brainlm.Loss;
import org.commissure.models.brainlm.Stack;

/**
 * A model and a batch to train it on: 424 parcels of 200 frames, a token for every 20.
 *
 * @param visible tokens of a window that the encoder sees
 * @param masked tokens of a window that the decoder predicts; the others are absent
 */
public record BenchmarkSize(String name, BrainLmConfiguration configuration, int batch, int visible, int masked) {
    private static final int PARCELS = 424;
    private static final int WINDOW_FRAMES = 200;
    private static final int PATCH_FRAMES = 20;

    /** All sizes, in the order in which they are measured. */
    public static final List<String> NAMES = List.of("small", "mid", "full", "big", "brainlm-13m");

    /** @throws IllegalArgumentException if there is no such size; the message lists them */
    public static BenchmarkSize named(String name) {
        Stack encoder = new Stack(256, 4, 4, 1024);
        Stack decoder = new Stack(128, 2, 4, 512);
        return switch (name) {
            case "small" -> commissure(name, encoder, decoder, 4, 424, 636);
            case "mid" -> commissure(name, encoder, decoder, 4, 1060, 1060);
            case "full" -> commissure(name, encoder, decoder, 4, 1060, 3180);
            case "big" -> commissure(name, new Stack(768, 12, 12, 3072), new Stack(512, 2, 8, 2048), 1, 424, 636);
            case "brainlm-13m" ->
                new BenchmarkSize(
                        name,
                        configuration(
                                Variant.ORIGINAL, new Stack(512, 4, 4, 1024), new Stack(512, 2, 4, 1024), 1e-12, 0.1),
                        2,
                        1060,
                        3180);
            default ->
                throw new IllegalArgumentException(
                        "there is no size '" + name + "'; sizes are " + String.join(", ", NAMES));
        };
    }

    private static BenchmarkSize commissure(
            String name, Stack encoder, Stack decoder, int batch, int visible, int masked) {
        return new BenchmarkSize(
                name, configuration(Variant.COMMISSURE, encoder, decoder, 1e-6, 0), batch, visible, masked);
    }

    private static BrainLmConfiguration configuration(
            Variant variant, Stack encoder, Stack decoder, double epsilon, double dropout) {
        var random = new SplittableRandom(PARCELS);
        float[][] coordinates = new float[PARCELS][3];
        for (float[] row : coordinates) {
            for (int axis = 0; axis < 3; axis++) {
                row[axis] = (float) random.nextDouble(-70, 70);
            }
        }
        return new BrainLmConfiguration(
                variant,
                PARCELS,
                WINDOW_FRAMES,
                PATCH_FRAMES,
                encoder,
                decoder,
                Loss.MSE,
                epsilon,
                dropout,
                0.75,
                coordinates);
    }

    /**
     * Arithmetic of one step's forward and backward pass in matrix products, a multiply-add counted as two: three times
     * the forward pass. What an engine computes twice to save memory is not counted twice.
     */
    public double gigaflops() {
        double decoded = 1.0 + visible + masked;
        double encoderWidth = configuration.encoder().width();
        double decoderWidth = configuration.decoder().width();
        double forward = 2 * visible * PATCH_FRAMES * encoderWidth
                + layers(configuration.encoder(), 1.0 + visible)
                + 2 * (1.0 + visible) * encoderWidth * decoderWidth
                + layers(configuration.decoder(), decoded)
                + 2 * decoded * decoderWidth * PATCH_FRAMES;
        return 3 * batch * forward / 1e9;
    }

    /** Four square projections, two of the feed-forward, and attention's two products. */
    private static double layers(Stack stack, double rows) {
        double width = stack.width();
        return stack.layers()
                * (rows * (8 * width * width + 4 * width * stack.feedForward()) + 4 * rows * rows * width);
    }
}
