package org.commissure.protocol.evaluation;

import java.util.List;
import java.util.Set;

/**
 * One external patient's sums over masked values: what masked reconstruction says of this patient. Never leaves the site,
 * nor is printed.
 *
 * @param ratios at the study's mask ratio, then at each further one
 */
public record PatientErrors(List<Sums> ratios, Set<Subgroup> subgroups) {
    public PatientErrors {
        ratios = List.copyOf(ratios);
        subgroups = Set.copyOf(subgroups);
        if (ratios.isEmpty()) {
            throw new IllegalArgumentException("a patient's errors need the study's mask ratio");
        }
    }

    /**
     * As {@link EvaluationField} has them, of one patient.
     *
     * @param errorSingleSite of the model that the patient's site trained alone; 0 where there is none
     */
    public record Sums(
            double values,
            double sum,
            double sumOfSquares,
            double errorModel,
            double errorParcelMean,
            double errorInterpolation,
            double errorSingleSite) {
        /** The same with the error of the model that the patient's site trained alone, on the very same values. */
        public Sums beside(Sums alone) {
            return new Sums(
                    values, sum, sumOfSquares, errorModel, errorParcelMean, errorInterpolation, alone.errorModel());
        }

        /** Where no site trains alone. */
        public Sums(
                double values,
                double sum,
                double sumOfSquares,
                double errorModel,
                double errorParcelMean,
                double errorInterpolation) {
            this(values, sum, sumOfSquares, errorModel, errorParcelMean, errorInterpolation, 0);
        }

        @Override
        public String toString() {
            return "Sums";
        }
    }

    @Override
    public String toString() {
        return "PatientErrors";
    }
}
