package org.commissure.models.meanfield.cuda;

import org.commissure.models.meanfield.statistics.ConnectivityDynamics;

/**
 * What leaves the GPU of one simulation.
 *
 * @param correlation [pairs]: functional connectivity; not finite where the simulation diverged
 * @param histogram of the dynamics, [{@link ConnectivityDynamics#BINS}]; empty where it was not wanted
 */
public record SimulatedStatistics(double[] correlation, long[] histogram) {
    static SimulatedStatistics of(float[] correlations, int from, int pairs, int[] histograms, int candidate) {
        double[] correlation = new double[pairs];
        for (int pair = 0; pair < pairs; pair++) {
            correlation[pair] = correlations[from + pair];
        }
        long[] histogram = new long[histograms.length == 0 ? 0 : ConnectivityDynamics.BINS];
        for (int bin = 0; bin < histogram.length; bin++) {
            histogram[bin] = histograms[candidate * ConnectivityDynamics.BINS + bin];
        }
        return new SimulatedStatistics(correlation, histogram);
    }

    /** Whether the simulation left the range of numbers, or a region did not move at all. */
    public boolean diverged() {
        for (double r : correlation) {
            if (!Double.isFinite(r)) {
                return true;
            }
        }
        return false;
    }
}
