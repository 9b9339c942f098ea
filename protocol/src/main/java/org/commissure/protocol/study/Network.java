package org.commissure.protocol.study;

import java.util.List;

/** What a preset's layers look like. */
public sealed interface Network {

    /** Transformer blocks: BrainLM's encoder and decoder. */
    record Transformer(Stack encoder, Stack decoder) implements Network {}

    /** A baseline's hidden layers, first to last. */
    record Layers(List<Integer> widths) implements Network {
        public Layers {
            widths = List.copyOf(widths);
            if (widths.isEmpty()) {
                throw new StudyException("model.widths", "is empty; a baseline has at least one hidden layer");
            }
            for (int width : widths) {
                Checks.range("model.widths", width, 1, 65_536);
            }
        }
    }

    /**
     * Convolutions over a coarse grid in space.
     *
     * @param cellMillimetres edge of a cell of the grid on which parcels are placed
     */
    record Convolution(Layers channels, double cellMillimetres) implements Network {
        public Convolution {
            Checks.range("model.cell_millimetres", cellMillimetres, 1, 1000);
        }
    }

    /** Some blocks of one width. */
    record Stack(int hidden, int layers, int heads, int feedForward) {
        /** @param prefix of the keys at fault: nothing for the encoder, {@code decoder_} for the decoder */
        Stack checked(String prefix, String layersKey) {
            Checks.range("model." + prefix + "hidden", hidden, 1, 65_536);
            Checks.range("model." + layersKey, layers, 1, 1_000);
            Checks.range("model." + prefix + "heads", heads, 1, 1_024);
            if (hidden % heads != 0) {
                throw new StudyException(
                        "model." + prefix + "heads",
                        "is " + heads + ", which does not divide model." + prefix + "hidden = " + hidden);
            }
            Checks.range("model." + prefix + "feed_forward", feedForward, 1, 1_000_000);
            return this;
        }
    }
}
