package org.commissure.models.meanfield.fit;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.scoring.ScoringSettings;
import org.commissure.models.meanfield.simulation.VectorSimulator;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;
import org.commissure.models.meanfield.statistics.Target;

/** A cohort of simulated people on twenty regions whose parameters follow a known gradient. */
final class PlantedCohort {
    static final int REGIONS = 20;
    static final Timing TIMING = new Timing(0.01, 500, 28_800, 72, 100);
    private static final int PEOPLE = 12;

    final Connectome connectome;
    final CorticalMap gradient;
    final CorticalMap distractor;
    final RegionalParameters planted;

    PlantedCohort(long seed) {
        Random random = new Random(seed);
        double[][] strengths = new double[REGIONS][REGIONS];
        for (int i = 0; i < REGIONS; i++) {
            for (int j = 0; j < i; j++) {
                double strength = i == j + 1 || random.nextDouble() < 0.35 ? Math.exp(random.nextGaussian()) : 0;
                strengths[i][j] = strength;
                strengths[j][i] = strength;
            }
        }
        connectome = Connectome.scaling(strengths);
        double[] ordered = new double[REGIONS];
        double[] other = new double[REGIONS];
        for (int i = 0; i < REGIONS; i++) {
            ordered[i] = ((i * 7) % REGIONS) / (REGIONS - 1.0) * 2 - 1;
            other[i] = random.nextDouble() * 2 - 1;
        }
        gradient = new CorticalMap("gradient", ordered);
        distractor = new CorticalMap("distractor", other);
        double[] w = new double[REGIONS];
        double[] input = new double[REGIONS];
        double[] noise = new double[REGIONS];
        for (int i = 0; i < REGIONS; i++) {
            w[i] = 0.5;
            input[i] = 0.29 + 0.08 * ordered[i];
            noise[i] = 0.003;
        }
        planted = new RegionalParameters(w, input, 2.5, noise);
    }

    ScoringSettings scoring(Haemodynamics haemodynamics, int stride) {
        return new ScoringSettings(haemodynamics, TIMING, 40, stride);
    }

    /** Mean connectivity and dynamics of some people. */
    FitData people(int group, Haemodynamics haemodynamics) {
        double[] mean = new double[FunctionalConnectivity.pairs(REGIONS)];
        double[] counts = new double[ConnectivityDynamics.BINS];
        try (VectorSimulator simulator = new VectorSimulator()) {
            for (int person = 0; person < PEOPLE; person++) {
                Bold bold = simulator
                        .simulate(
                                connectome,
                                List.of(planted),
                                haemodynamics,
                                TIMING,
                                PhiloxNoise.of(1_000 + group, person))
                        .getFirst()
                        .after(TIMING.discardedFrames());
                double[] one = FunctionalConnectivity.of(bold);
                for (int pair = 0; pair < mean.length; pair++) {
                    mean[pair] += one[pair] / PEOPLE;
                }
                long[] histogram = ConnectivityDynamics.histogram(bold, 40, 4);
                for (int bin = 0; bin < counts.length; bin++) {
                    counts[bin] += histogram[bin];
                }
            }
        }
        return new FitData(connectome, new Target(REGIONS, mean, Optional.of(ConnectivityDynamics.cumulative(counts))));
    }

    FitSplits splits(Haemodynamics haemodynamics) {
        return new FitSplits(people(1, haemodynamics), people(2, haemodynamics), people(3, haemodynamics));
    }
}
