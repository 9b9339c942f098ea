package org.commissure.models.meanfield.federated;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Simulator;
import org.commissure.models.meanfield.scoring.ScoringSettings;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.FastDynamics;
import org.commissure.models.meanfield.statistics.Prediction;
import org.commissure.models.meanfield.statistics.SimulatedStatistics;
import org.commissure.models.meanfield.statistics.Target;

/**
 * How a candidate fares on patients that no fit has seen, with the variance that resampling the
 * patients gives each score. The simulation is the same for every resampling.
 */
public record ExternalScore(double r, double ks, double rVariance, double ksVariance, double totalVariance) {

    /** 1 − r + KS. */
    public double total() {
        return 1 - r + ks;
    }

    /**
     * @param patients at least one
     * @param repeats noise realisations that are averaged
     * @param samples resamplings with replacement
     * @throws IllegalArgumentException if a candidate's simulation leaves the range of numbers
     */
    public static List<ExternalScore> of(
            Simulator simulator,
            Connectome connectome,
            List<RegionalParameters> candidates,
            ScoringSettings settings,
            List<SubjectStatistics> patients,
            int repeats,
            int samples,
            long seed)
            throws InterruptedException {
        List<Target> resampled = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(seed);
        for (int sample = 0; sample < samples; sample++) {
            List<SubjectStatistics> drawn = new ArrayList<>();
            for (int i = 0; i < patients.size(); i++) {
                drawn.add(patients.get(random.nextInt(patients.size())));
            }
            resampled.add(target(drawn, connectome.regions()));
        }
        Target all = target(patients, connectome.regions());
        List<ExternalScore> scores = new ArrayList<>();
        for (RegionalParameters candidate : candidates) {
            scores.add(score(prediction(simulator, connectome, candidate, settings, repeats, seed), all, resampled));
        }
        return scores;
    }

    private static Prediction prediction(
            Simulator simulator,
            Connectome connectome,
            RegionalParameters candidate,
            ScoringSettings settings,
            int repeats,
            long seed)
            throws InterruptedException {
        FastDynamics dynamics = new FastDynamics();
        List<SimulatedStatistics> repeated = new ArrayList<>();
        for (int repeat = 0; repeat < repeats; repeat++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("scoring was stopped");
            }
            Bold bold = simulator
                    .simulate(
                            connectome,
                            List.of(candidate),
                            settings.haemodynamics(),
                            settings.timing(),
                            PhiloxNoise.of(seed, repeat))
                    .getFirst()
                    .after(settings.timing().discardedFrames());
            repeated.add(SimulatedStatistics.of(
                    bold, kept -> dynamics.histogram(kept, settings.windowFrames(), settings.strideFrames())));
        }
        return Prediction.of(repeated)
                .orElseThrow(() -> new IllegalArgumentException("the simulation left the range of finite numbers"));
    }

    private static Target target(List<SubjectStatistics> patients, int regions) {
        SubjectStatistics first = patients.getFirst();
        return GroupStatistics.of(patients, first.connectivity().length, first.dynamics().length)
                .target(regions);
    }

    private static ExternalScore score(Prediction prediction, Target all, List<Target> resampled) {
        double[] r = new double[resampled.size()];
        double[] ks = new double[resampled.size()];
        double[] total = new double[resampled.size()];
        for (int i = 0; i < r.length; i++) {
            Cost cost = prediction.against(resampled.get(i));
            r[i] = cost.fcCorrelation();
            ks[i] = cost.ks();
            total[i] = cost.total();
        }
        Cost cost = prediction.against(all);
        return new ExternalScore(cost.fcCorrelation(), cost.ks(), variance(r), variance(ks), variance(total));
    }

    private static double variance(double[] values) {
        double mean = 0;
        for (double value : values) {
            mean += value / values.length;
        }
        double square = 0;
        for (double value : values) {
            square += (value - mean) * (value - mean);
        }
        return square / (values.length - 1);
    }
}
