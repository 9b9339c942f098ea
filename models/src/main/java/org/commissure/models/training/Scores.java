package org.commissure.models.training;

import org.commissure.models.evaluation.ReconstructionSums;

/**
 * How well masked values were predicted, beside two trivial predictions ({@link ReconstructionSums}).
 *
 * @param values masked values predicted
 * @param meanSquaredError of the model
 * @param r2 sums-of-squares R² of the model
 * @param r2ParcelMean of the mean of each parcel's visible values
 * @param r2Interpolation of the straight line between visible patches
 */
public record Scores(long values, double meanSquaredError, double r2, double r2ParcelMean, double r2Interpolation) {

    /** @throws IllegalStateException if nothing was added or the values do not vary */
    public static Scores of(ReconstructionSums sums) {
        return new Scores(
                sums.values(),
                sums.errorModel() / sums.values(),
                sums.r2(sums.errorModel()),
                sums.r2(sums.errorParcelMean()),
                sums.r2(sums.errorInterpolation()));
    }
}
