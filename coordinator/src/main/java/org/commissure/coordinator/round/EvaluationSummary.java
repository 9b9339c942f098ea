package org.commissure.coordinator.round;

import java.util.Optional;
import org.commissure.protocol.evaluation.EvaluationField;

/**
 * The reconstruction error of one model over the external cohorts of {@code sites} sites together.
 * R² = 1 − SSE/SST with SST = Σy² − (Σy)²/values; MSE = SSE/values.
 *
 * @param values masked values over which the sums run
 * @param patients external patients
 */
public record EvaluationSummary(
        double r2,
        double mse,
        double r2ParcelMean,
        double mseParcelMean,
        double r2Interpolation,
        double mseInterpolation,
        long values,
        long patients,
        int sites) {

    /**
     * From the summed statistics.
     *
     * @param sums beginning with {@link EvaluationField} by its ordinals
     * @return empty where the values have no variance to explain, or the sums are no numbers
     */
    public static Optional<EvaluationSummary> of(double[] sums, int sites) {
        double values = sums[EvaluationField.VALUES.ordinal()];
        double sum = sums[EvaluationField.SUM.ordinal()];
        double sst = sums[EvaluationField.SUM_OF_SQUARES.ordinal()] - sum * sum / values;
        double model = sums[EvaluationField.ERROR_MODEL.ordinal()];
        double mean = sums[EvaluationField.ERROR_PARCEL_MEAN.ordinal()];
        double interpolation = sums[EvaluationField.ERROR_INTERPOLATION.ordinal()];
        if (!(values >= 1) || !(sst > 0) || !Double.isFinite(sst + model + mean + interpolation)) {
            return Optional.empty();
        }
        return Optional.of(new EvaluationSummary(
                1 - model / sst,
                model / values,
                1 - mean / sst,
                mean / values,
                1 - interpolation / sst,
                interpolation / values,
                Math.round(values),
                Math.round(sums[EvaluationField.PATIENTS.ordinal()]),
                sites));
    }
}
