package org.commissure.models.meanfield.statistics;

import java.util.function.Function;
import org.commissure.models.meanfield.Bold;

/**
 * What is kept of one simulation.
 *
 * @param correlation [pairs]: functional connectivity; not finite where the simulation diverged
 * @param histogram of the dynamics, [{@link ConnectivityDynamics#BINS}]; empty where it was not wanted
 */
public record SimulatedStatistics(double[] correlation, long[] histogram) {
    /**
     * @param bold without the discarded frames
     * @param histogram makes the histogram, or an empty one; not asked where the simulation diverged
     */
    public static SimulatedStatistics of(Bold bold, Function<Bold, long[]> histogram) {
        SimulatedStatistics connectivity = new SimulatedStatistics(FunctionalConnectivity.of(bold), new long[0]);
        return connectivity.diverged()
                ? connectivity
                : new SimulatedStatistics(connectivity.correlation, histogram.apply(bold));
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
