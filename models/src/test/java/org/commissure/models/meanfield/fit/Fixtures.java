package org.commissure.models.meanfield.fit;

import java.util.Arrays;
import java.util.Optional;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.scoring.ScoringSettings;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;
import org.commissure.models.meanfield.statistics.Target;

/** Small inputs whose values do not matter. */
final class Fixtures {
    static final int REGIONS = 3;
    static final ScoringSettings SCORING =
            new ScoringSettings(Haemodynamics.KONG_2021, new Timing(0.01, 100, 7_200, 72, 10), 30, 4);

    private Fixtures() {}

    static FitData data(double correlation) {
        double[][] strengths = {{0, 1, 2}, {1, 0, 3}, {2, 3, 0}};
        double[] fc = new double[FunctionalConnectivity.pairs(REGIONS)];
        Arrays.fill(fc, correlation);
        double[] dynamics = new double[ConnectivityDynamics.BINS];
        for (int bin = 0; bin < dynamics.length; bin++) {
            dynamics[bin] = (bin + 1.0) / dynamics.length;
        }
        return new FitData(Connectome.scaling(strengths), new Target(REGIONS, fc, Optional.of(dynamics)));
    }

    static SearchSettings search(int generations) {
        return new SearchSettings(SCORING, 24, 6, generations, 1, 0);
    }

    static HomogeneousSpace space() {
        return new HomogeneousSpace(REGIONS, ParameterBounds.KONG_2021);
    }
}
