package org.commissure.models.brainlm;

/**
 * The Transformer layers of an encoder or a decoder.
 *
 * @param width values in a token's row; a multiple of {@code heads}
 * @param layers at least 1
 * @param feedForward width between a layer's two dense maps
 */
public record Stack(int width, int layers, int heads, int feedForward) {
    public Stack {
        positive("hidden", width);
        positive("layers", layers);
        positive("heads", heads);
        positive("feedForward", feedForward);
        if (width % heads != 0) {
            throw new IllegalArgumentException(
                    "model configuration: heads = " + heads + " does not divide hidden = " + width);
        }
    }

    /** Width of one attention head. */
    public int headSize() {
        return width / heads;
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("model configuration: " + name + " = " + value + " must be positive");
        }
    }
}
