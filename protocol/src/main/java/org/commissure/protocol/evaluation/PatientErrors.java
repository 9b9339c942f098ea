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

    /** As {@link EvaluationField} has them, of one patient. */
    public record Sums(
            double values,
            double sum,
            double sumOfSquares,
            double errorModel,
            double errorParcelMean,
            double errorInterpolation) {
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
