package org.commissure.models.meanfield.statistics;

import java.util.List;
import java.util.Optional;

/**
 * What a candidate predicts, averaged over repeats as its costs are (Kong et al. 2021): correlations first, then
 * Fisher's z.
 *
 * @param z [pairs]
 * @param cumulative distribution of the FCD, [{@link ConnectivityDynamics#BINS}]; absent where it was not wanted
 */
public record Prediction(double[] z, Optional<double[]> cumulative) {

    /**
     * @param repeated one simulation for each repeat, all with a histogram or none
     * @return empty where one diverged
     */
    public static Optional<Prediction> of(List<SimulatedStatistics> repeated) {
        if (repeated.stream().anyMatch(SimulatedStatistics::diverged)) {
            return Optional.empty();
        }
        double[] mean = new double[repeated.getFirst().correlation().length];
        double[] counts = new double[repeated.getFirst().histogram().length];
        for (SimulatedStatistics one : repeated) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += one.correlation()[i] / repeated.size();
            }
            for (int bin = 0; bin < counts.length; bin++) {
                counts[bin] += one.histogram()[bin];
            }
        }
        return Optional.of(new Prediction(
                FunctionalConnectivity.fisherZ(mean),
                counts.length == 0 ? Optional.empty() : Optional.of(ConnectivityDynamics.cumulative(counts))));
    }

    /** ks is 0 where this or the target has no dynamics. */
    public Cost against(Target target) {
        double r = Costs.pearson(z, FunctionalConnectivity.fisherZ(target.correlation()));
        double ks = cumulative.isEmpty() || target.dynamics().isEmpty()
                ? 0
                : Costs.kolmogorovSmirnov(cumulative.get(), target.dynamics().get());
        return Double.isFinite(r) && Double.isFinite(ks) ? new Cost(r, ks, false) : Cost.DIVERGED;
    }
}
