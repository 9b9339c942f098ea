package org.commissure.models.brainlm;

import java.util.OptionalDouble;

/**
 * One window, what of it is masked, and what else a model may use of its scan.
 *
 * @param window {@code [parcels, windowFrames]}, row-major; not copied
 * @param repetitionTimeSeconds needed by models that embed it ({@link BrainLmConfiguration#repetitionTimeEmbedding}),
 *     ignored by all others
 */
@SuppressWarnings("ArrayRecordComponent") // on its way into a model; never compared
public record Example(float[] window, Mask mask, OptionalDouble repetitionTimeSeconds) {
    /** Without a repetition time. */
    public Example(float[] window, Mask mask) {
        this(window, mask, OptionalDouble.empty());
    }
}
