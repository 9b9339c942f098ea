package org.commissure.models.brainlm;

import org.commissure.models.tensor.Elementwise;
import org.commissure.models.tensor.Workspace;

/**
 * The optional embedding of the repetition time: {@link RepetitionTime#feature} times a learned vector, added to every
 * token's row. A model without it has one that does nothing.
 *
 * @param sums {@code [width]}, holds nothing between calls
 */
record RepetitionEmbedding(boolean present, int width, long vector, long gradient, long sums) {

    static RepetitionEmbedding reserve(
            Workspace.Plan plan, ParameterMemory parameters, BrainLmConfiguration c, String tensor, int width) {
        return c.repetitionTimeEmbedding()
                ? new RepetitionEmbedding(
                        true, width, parameters.value(tensor), parameters.gradient(tensor), plan.reserve(width))
                : new RepetitionEmbedding(false, width, 0, 0, 0);
    }

    /** @param rows of {@code n} tokens */
    void add(Workspace w, Example example, long rows, int n) {
        if (present) {
            float feature = RepetitionTime.feature(example.repetitionTimeSeconds());
            for (int i = 0; i < n; i++) {
                Elementwise.addScaled(w, feature, vector, rows + (long) i * width, width);
            }
        }
    }

    /** Adds the gradient of the vector's elements {@code [from, to)}, given that of {@code n} tokens' rows. */
    void addGradient(Workspace w, Example example, long dRows, int n, int from, int to) {
        if (present) {
            float feature = RepetitionTime.feature(example.repetitionTimeSeconds());
            w.zero(sums + from, to - from);
            Elementwise.addColumnSums(w, dRows, n, width, from, to, sums);
            Elementwise.addScaled(w, feature, sums + from, gradient + from, to - from);
        }
    }
}
