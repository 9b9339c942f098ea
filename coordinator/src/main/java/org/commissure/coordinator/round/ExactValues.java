package org.commissure.coordinator.round;

import org.commissure.coordinator.aggregation.UpdateStep;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.protocol.study.PublishedVectors;

/** The numbers of an opened sum of {@link PublishedVectors}, and who contributed to it. */
final class ExactValues {
    /** Distance of a count from its integer that no exact sum reaches. */
    private static final double COUNT_TOLERANCE = 1e-6;

    private ExactValues() {}

    /** @param scale of {@link PublishedVectors#scale} */
    static double[] of(int[] sum, int survivors, double scale) {
        double[] values = ExactSums.decode(sum, survivors);
        for (int i = 0; i < values.length; i++) {
            values[i] /= scale;
        }
        return values;
    }

    /** @throws UpdateStep.UnusableSumException saying {@code otherwise}, unless the last number counts that many */
    static void requireContributions(double[] values, int expected, String otherwise)
            throws UpdateStep.UnusableSumException {
        if (!(Math.abs(values[values.length - 1] - expected) < COUNT_TOLERANCE)) {
            throw new UpdateStep.UnusableSumException(otherwise);
        }
    }
}
