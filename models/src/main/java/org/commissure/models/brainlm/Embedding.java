package org.commissure.models.brainlm;

/**
 * What the encoder makes of a fully visible window, after its final norm.
 *
 * @param cls the row of the CLS token, {@code [width]}
 * @param mean the mean of all other rows, {@code [width]}
 */
@SuppressWarnings("ArrayRecordComponent") // a result on its way to a file; never compared
public record Embedding(float[] cls, float[] mean) {}
