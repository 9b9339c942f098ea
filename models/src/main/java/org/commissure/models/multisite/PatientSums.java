package org.commissure.models.multisite;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.commissure.models.evaluation.Bootstrap;
import org.commissure.models.evaluation.ReconstructionSums;

/**
 * How one model reconstructs one site's external patients.
 *
 * @param byPatient sums of each, in the site's order
 */
public record PatientSums(List<ReconstructionSums> byPatient) {
    public PatientSums {
        byPatient = List.copyOf(byPatient);
    }

    /** @param error of the model or of a baseline, in the sums */
    public double r2(ToDoubleFunction<ReconstructionSums> error) {
        ReconstructionSums all = new ReconstructionSums();
        byPatient.forEach(all::add);
        return all.r2(error.applyAsDouble(all));
    }

    /** Over patients, each drawn with all hidden values. */
    public Bootstrap.Interval r2Interval(ToDoubleFunction<ReconstructionSums> error, long seed) {
        return Bootstrap.of(
                        byPatient.size(), seed, times -> new double[] {of(times).r2(error)})
                .getFirst();
    }

    /** R² of this model minus that of another, or of a baseline, on the same patients, who are drawn together. */
    public Bootstrap.Interval differenceInterval(
            ToDoubleFunction<ReconstructionSums> error,
            PatientSums other,
            ToDoubleFunction<ReconstructionSums> othersError,
            long seed) {
        if (other.byPatient.size() != byPatient.size()) {
            throw new IllegalArgumentException("models that were scored on different patients cannot be paired");
        }
        return Bootstrap.of(byPatient.size(), seed, times ->
                        new double[] {of(times).r2(error) - other.of(times).r2(othersError)})
                .getFirst();
    }

    private PatientSums of(int[] times) {
        ReconstructionSums all = new ReconstructionSums();
        for (int i = 0; i < times.length; i++) {
            for (int time = 0; time < times[i]; time++) {
                all.add(byPatient.get(i));
            }
        }
        return new PatientSums(List.of(all));
    }
}
