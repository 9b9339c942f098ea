package org.commissure.models.meanfield.federated;

import java.util.List;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Simulator;
import org.commissure.models.meanfield.scoring.ScoringSettings;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.models.meanfield.statistics.FastDynamics;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;

/**
 * What a candidate predicts, averaged over repeats as its costs are: correlations first, then Fisher's z.
 *
 * @param z [pairs]
 * @param cumulative [{@link ConnectivityDynamics#BINS}]
 */
record SimulatedStatistics(double[] z, double[] cumulative) {

    /** @throws IllegalArgumentException if a simulation leaves the range of numbers */
    static SimulatedStatistics of(
            Simulator simulator,
            Connectome connectome,
            RegionalParameters parameters,
            ScoringSettings settings,
            int repeats,
            long seed)
            throws InterruptedException {
        double[] correlation = new double[FunctionalConnectivity.pairs(connectome.regions())];
        double[] counts = new double[ConnectivityDynamics.BINS];
        FastDynamics dynamics = new FastDynamics();
        for (int repeat = 0; repeat < repeats; repeat++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("scoring was stopped");
            }
            Bold bold = simulator
                    .simulate(
                            connectome,
                            List.of(parameters),
                            settings.haemodynamics(),
                            settings.timing(),
                            PhiloxNoise.of(seed, repeat))
                    .getFirst();
            if (!bold.isFinite()) {
                throw new IllegalArgumentException("the simulation left the range of finite numbers");
            }
            Bold kept = bold.after(settings.timing().discardedFrames());
            double[] r = FunctionalConnectivity.of(kept);
            for (int i = 0; i < r.length; i++) {
                correlation[i] += r[i] / repeats;
            }
            long[] histogram = dynamics.histogram(kept, settings.windowFrames(), settings.strideFrames());
            for (int bin = 0; bin < counts.length; bin++) {
                counts[bin] += histogram[bin];
            }
        }
        return new SimulatedStatistics(
                FunctionalConnectivity.fisherZ(correlation), ConnectivityDynamics.cumulative(counts));
    }
}
