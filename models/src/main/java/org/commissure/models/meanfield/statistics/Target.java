package org.commissure.models.meanfield.statistics;

import java.util.Optional;

/**
 * What a simulation is compared with.
 *
 * @param correlation [pairs]: upper triangle of the empirical functional connectivity, as correlations
 * @param dynamics cumulative distribution of the FCD, [{@link ConnectivityDynamics#BINS}], ending at 1;
 *     absent where the data cannot give it
 */
public record Target(int regions, double[] correlation, Optional<double[]> dynamics) {
    public Target {
        if (correlation.length != FunctionalConnectivity.pairs(regions)) {
            throw new IllegalArgumentException("the functional connectivity of " + regions + " regions has "
                    + FunctionalConnectivity.pairs(regions) + " pairs, not " + correlation.length);
        }
        for (double r : correlation) {
            if (!(Math.abs(r) <= 1)) {
                throw new IllegalArgumentException("the empirical functional connectivity holds " + r);
            }
        }
        if (dynamics.isPresent()) {
            checkCumulative(dynamics.get());
        }
    }

    private static void checkCumulative(double[] cumulative) {
        if (cumulative.length != ConnectivityDynamics.BINS) {
            throw new IllegalArgumentException("the FCD's cumulative distribution has " + cumulative.length
                    + " bins, not " + ConnectivityDynamics.BINS);
        }
        double before = 0;
        for (double value : cumulative) {
            if (!(value >= before)) {
                throw new IllegalArgumentException("the FCD's cumulative distribution falls or is not a number");
            }
            before = value;
        }
        if (Math.abs(before - 1) > 1e-6) {
            throw new IllegalArgumentException(
                    "the FCD's cumulative distribution ends at " + before + "; divide it by its last value");
        }
    }
}
