package org.commissure.models.brainlm;

/**
 * One window and what of it is masked.
 *
 * @param window {@code [parcels, windowFrames]}, row-major; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // on its way into a model; never compared
public record Example(float[] window, Mask mask) {}
