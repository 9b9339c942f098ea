package org.commissure.models.finetune;

import java.util.List;
import org.commissure.models.weights.ParameterLayout;

/**
 * What a head's layers are, and what of a patient they are put on.
 *
 * @param hidden widths of the hidden layers, first to last; none makes it linear
 * @param ofMeanEmbedding whether a patient of several windows is what the head says of their mean embedding; else the mean
 *     of what it says of each
 */
record HeadShape(List<Integer> hidden, boolean ofMeanEmbedding) {
    HeadShape {
        hidden = List.copyOf(hidden);
    }

    /** BrainLM's, on each window. @param width of an embedding */
    static HeadShape brainLm(int width) {
        int half = Math.max(1, width / 2);
        return new HeadShape(List.of(half, half), false);
    }

    ParameterLayout layout(int width, int outputs) {
        return Head.layout(width, hidden, outputs);
    }

    Head head(int width, HeadSettings settings) {
        return new Head(width, hidden, settings.task(), settings.classes(), settings.dropout());
    }
}
