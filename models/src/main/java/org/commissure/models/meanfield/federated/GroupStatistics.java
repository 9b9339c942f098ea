package org.commissure.models.meanfield.federated;

import java.util.List;
import java.util.Optional;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;
import org.commissure.models.meanfield.statistics.Target;

/**
 * Sums over patients, of one site or of many, noised or not.
 *
 * @param subjects n; noise may make it fractional
 * @param connectivity [pairs]: Σ of the patients' clipped centred z
 * @param dynamics [bins]: Σ of their FCD shares
 */
public record GroupStatistics(double subjects, double[] connectivity, double[] dynamics) {

    public static GroupStatistics of(List<SubjectStatistics> patients, int pairs, int bins) {
        GroupStatistics sums = new GroupStatistics(patients.size(), new double[pairs], new double[bins]);
        for (SubjectStatistics patient : patients) {
            add(sums.connectivity, patient.connectivity());
            add(sums.dynamics, patient.dynamics());
        }
        return sums;
    }

    private static void add(double[] to, double[] values) {
        for (int i = 0; i < to.length; i++) {
            to[i] += values[i];
        }
    }

    /** Reads n, Σz, Σshares from {@code values} at {@code offset}. */
    public static GroupStatistics read(double[] values, int offset, int pairs, int bins) {
        double[] connectivity = new double[pairs];
        double[] dynamics = new double[bins];
        System.arraycopy(values, offset + 1, connectivity, 0, pairs);
        System.arraycopy(values, offset + 1 + pairs, dynamics, 0, bins);
        return new GroupStatistics(values[offset], connectivity, dynamics);
    }

    /** Writes what {@link #read} reads. */
    public void write(double[] values, int offset) {
        values[offset] = subjects;
        System.arraycopy(connectivity, 0, values, offset + 1, connectivity.length);
        System.arraycopy(dynamics, 0, values, offset + 1 + connectivity.length, dynamics.length);
    }

    /** Whether there is at least one patient to speak of. */
    public boolean isUsable() {
        return subjects >= 1;
    }

    /**
     * What simulations are compared with: the mean z as a correlation, and the mean histogram, linear
     * within its bins, as a cumulative distribution. Where noise made a bin negative it counts as empty.
     *
     * @throws IllegalArgumentException if there is not one patient, or noise left nothing of the histogram
     */
    public Target target(int regions) {
        if (!isUsable()) {
            throw new IllegalArgumentException("the sums are of " + subjects + " patients; at least one is needed");
        }
        double[] correlation = new double[connectivity.length];
        for (int i = 0; i < correlation.length; i++) {
            correlation[i] = Math.tanh(connectivity[i] / subjects);
        }
        if (correlation.length != FunctionalConnectivity.pairs(regions)) {
            throw new IllegalArgumentException(correlation.length + " pairs do not belong to " + regions + " regions");
        }
        return new Target(regions, correlation, Optional.of(cumulative()));
    }

    /** [{@link ConnectivityDynamics#BINS}], ending at 1. */
    private double[] cumulative() {
        int together = ConnectivityDynamics.BINS / dynamics.length;
        double[] counts = new double[ConnectivityDynamics.BINS];
        double total = 0;
        for (int bin = 0; bin < counts.length; bin++) {
            counts[bin] = Math.max(0, dynamics[bin / together]) / together;
            total += counts[bin];
        }
        if (!(total > 0)) {
            throw new IllegalArgumentException("the histogram of the dynamics is empty");
        }
        double[] cumulative = ConnectivityDynamics.cumulative(counts);
        cumulative[cumulative.length - 1] = 1;
        return cumulative;
    }
}
