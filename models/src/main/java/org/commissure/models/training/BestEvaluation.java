package org.commissure.models.training;

/**
 * The best evaluation of a run so far.
 *
 * @param step steps taken before it
 * @param r2 on masked values of held-out scans
 */
public record BestEvaluation(long step, double r2) {}
