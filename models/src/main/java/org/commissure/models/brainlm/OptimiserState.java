package org.commissure.models.brainlm;

/**
 * Adam's moments, for a checkpoint.
 *
 * @param steps taken so far
 * @param mean running mean of gradients, in the parameters' order
 * @param meanSquare running mean of squared gradients
 */
@SuppressWarnings("ArrayRecordComponent") // on its way to or from a file; never compared
public record OptimiserState(long steps, float[] mean, float[] meanSquare) {}
