package org.commissure.models.meanfield.federated;

import java.util.List;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;

/**
 * What the group fit needs of one patient, or of one of the patient's scans.
 *
 * @param connectivity [pairs]: Fisher's z minus its mean over pairs, scaled down to the clip norm where
 *     it is longer. Pearson's correlation does not see the shift.
 * @param dynamics [bins]: shares of the FCD histogram on [−1, 1]; they add up to 1
 */
public record SubjectStatistics(double[] connectivity, double[] dynamics) {

    /**
     * @param bold [frames, regions], frames at least window + 1
     * @param windowFrames of the FCD, at a stride of one frame
     * @param bins divides {@link ConnectivityDynamics#BINS}
     * @param clipNorm C: largest L2 norm of {@code connectivity}
     * @throws IllegalArgumentException if a region is constant or not finite
     */
    public static SubjectStatistics of(Bold bold, int windowFrames, int bins, double clipNorm) {
        if (!bold.isFinite()) {
            throw new IllegalArgumentException("the series holds values that are not finite");
        }
        checkVarying(bold);
        double[] z = FunctionalConnectivity.fisherZ(FunctionalConnectivity.of(bold));
        centre(z);
        clip(z, clipNorm);
        return new SubjectStatistics(z, shares(ConnectivityDynamics.histogram(bold, windowFrames, 1), bins));
    }

    /**
     * What one patient contributes with several scans: their mean, so that no scan makes it longer than the clip norm.
     *
     * @param scans of one patient, at least one, each clipped
     */
    public static SubjectStatistics ofScans(List<SubjectStatistics> scans) {
        if (scans.size() == 1) {
            return scans.getFirst();
        }
        double[] connectivity = new double[scans.getFirst().connectivity.length];
        double[] dynamics = new double[scans.getFirst().dynamics.length];
        for (SubjectStatistics scan : scans) {
            addShare(scan.connectivity, scans.size(), connectivity);
            addShare(scan.dynamics, scans.size(), dynamics);
        }
        return new SubjectStatistics(connectivity, dynamics);
    }

    private static void addShare(double[] values, int of, double[] mean) {
        for (int i = 0; i < mean.length; i++) {
            mean[i] += values[i] / of;
        }
    }

    private static void checkVarying(Bold bold) {
        for (int region = 0; region < bold.regions(); region++) {
            double first = bold.values()[region];
            boolean constant = true;
            for (int frame = 1; frame < bold.frames() && constant; frame++) {
                constant = bold.values()[frame * bold.regions() + region] == first;
            }
            if (constant) {
                throw new IllegalArgumentException("region " + (region + 1) + " is constant");
            }
        }
    }

    private static void centre(double[] values) {
        double mean = 0;
        for (double value : values) {
            mean += value / values.length;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] -= mean;
        }
    }

    private static void clip(double[] values, double norm) {
        double square = 0;
        for (double value : values) {
            square += value * value;
        }
        double factor = Math.min(1, norm / Math.sqrt(square));
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }

    private static double[] shares(long[] histogram, int bins) {
        int together = ConnectivityDynamics.BINS / bins;
        long total = 0;
        for (long count : histogram) {
            total += count;
        }
        if (total == 0) {
            throw new IllegalArgumentException(
                    "no two windows of the series can be compared: a region is constant in" + " every window");
        }
        double[] shares = new double[bins];
        for (int bin = 0; bin < histogram.length; bin++) {
            shares[bin / together] += (double) histogram[bin] / total;
        }
        return shares;
    }
}
