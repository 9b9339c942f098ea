package org.commissure.models.meanfield.fit;

/**
 * Where one iteration of an inversion ended.
 *
 * @param iteration from 1
 * @param logs in the order of {@link LogScales}
 * @param fcCorrelation with the training split, under this iteration's noise
 * @param damping of the step that was taken
 */
public record InversionStep(int iteration, double[] logs, double fcCorrelation, double damping) {}
