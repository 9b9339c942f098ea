package org.commissure.protocol.evaluation;

import org.jspecify.annotations.Nullable;

/**
 * A metric with its 95 % interval.
 *
 * @param interval null where the patients are too few for one
 */
public record Estimate(double value, @Nullable Interval interval) {}
