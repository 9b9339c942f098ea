package org.commissure.models.meanfield.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.scoring.CoreScorer;
import org.commissure.models.meanfield.scoring.Scorer;
import org.commissure.models.meanfield.scoring.ScoringListener;
import org.commissure.models.meanfield.scoring.ScoringSettings;
import org.commissure.models.meanfield.scoring.ScoringTask;
import org.commissure.models.meanfield.simulation.ReferenceSimulator;
import org.commissure.models.meanfield.simulation.VectorSimulator;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;
import org.commissure.models.meanfield.statistics.Target;

/**
 * Simulations of the published length (99,401 steps of 68 regions, a connectome of the published density), scored as in
 * a fit: everything counts, the drawing of the noise and the statistics too. The scalar double engine is measured on a
 * shorter simulation, {@link #REFERENCE_STEPS} steps, between the others, and scaled by steps; its noise and statistics
 * are not counted, to its advantage.
 */
public final class RegionalBenchmark {
    public static final int REGIONS = 68;
    public static final int REFERENCE_STEPS = 6_000;

    /** Share of pairs of regions that are connected, of the published group connectome. */
    private static final double DENSITY = 0.28;

    private static final Timing SHORT = new Timing(0.01, 1_000, 8_000, 72, 10);
    private static final int ROUNDS = 3;

    private final int threads;
    private final Connectome connectome;
    private final Target target;

    public RegionalBenchmark(int threads) {
        this.threads = threads;
        Random random = new Random(1);
        this.connectome = connectome(random);
        double[] correlation = new double[FunctionalConnectivity.pairs(REGIONS)];
        for (int pair = 0; pair < correlation.length; pair++) {
            correlation[pair] = random.nextDouble();
        }
        double[] cumulative = new double[ConnectivityDynamics.BINS];
        for (int bin = 0; bin < cumulative.length; bin++) {
            cumulative[bin] = (bin + 1.0) / cumulative.length;
        }
        this.target = new Target(REGIONS, correlation, Optional.of(cumulative));
    }

    /**
     * @param withoutDynamics FC only
     * @param searchDynamics FC and the dynamics of every fourth window
     * @param publishedDynamics FC and the dynamics of every window
     * @param reference simulations of the published length that the scalar double engine would do on one core
     */
    public record Result(
            String engine,
            int threads,
            int batch,
            RegionalSpeed withoutDynamics,
            RegionalSpeed searchDynamics,
            RegionalSpeed publishedDynamics,
            RegionalSpeed reference) {
        /** Simulations of a core without dynamics to the reference's. */
        public double ratioToReference() {
            return withoutDynamics.perCoreSecond() / reference.perCoreSecond();
        }
    }

    /** @param listener hears of rounds */
    public Result run(ScoringListener listener) throws InterruptedException {
        VectorSimulator simulator = new VectorSimulator();
        int batch = simulator.batch();
        List<RegionalParameters> candidates = candidates(batch * threads, new Random(2));
        Measured plain = new Measured();
        Measured search = new Measured();
        Measured published = new Measured();
        Measured reference = new Measured();
        ScoringSettings settings = ScoringSettings.KONG_2021;
        try (Scorer scorer = new CoreScorer(simulator, batch, threads)) {
            warmUp(scorer, candidates);
            for (int round = 0; round < ROUNDS; round++) {
                int seed = round;
                plain.add(
                        candidates.size(),
                        () -> scorer.score(task(settings, candidates, seed).connectivityAlone()));
                listener.simulated(4 * round + 1, 4 * ROUNDS);
                search.add(
                        candidates.size(), () -> scorer.score(task(settings.withStride(4), candidates, seed + ROUNDS)));
                listener.simulated(4 * round + 2, 4 * ROUNDS);
                published.add(candidates.size(), () -> scorer.score(task(settings, candidates, seed + 2 * ROUNDS)));
                listener.simulated(4 * round + 3, 4 * ROUNDS);
                reference.add(1, () -> reference(candidates, REFERENCE_STEPS));
                listener.simulated(4 * round + 4, 4 * ROUNDS);
            }
            double shorter = (double) REFERENCE_STEPS / Timing.KONG_2021.totalSteps();
            return new Result(
                    simulator.description(),
                    threads,
                    batch,
                    plain.speed(1),
                    search.speed(1),
                    published.speed(1),
                    reference.speed(shorter));
        }
    }

    /** Until the compiler has seen everything. */
    private void warmUp(Scorer scorer, List<RegionalParameters> candidates) throws InterruptedException {
        ScoringSettings settings = new ScoringSettings(Haemodynamics.KONG_2021, SHORT, 83, 1);
        for (int i = 0; i < 2; i++) {
            scorer.score(task(settings, candidates, i));
        }
        reference(candidates, SHORT.totalSteps());
    }

    private ScoringTask task(ScoringSettings settings, List<RegionalParameters> candidates, int seed) {
        return new ScoringTask(connectome, target, settings, candidates, 1, seed);
    }

    private void reference(List<RegionalParameters> candidates, int steps) {
        Timing timing = new Timing(0.01, steps / 100, steps - steps / 100, 72, 0);
        try (ReferenceSimulator simulator = new ReferenceSimulator()) {
            simulator.simulate(
                    connectome, candidates.subList(0, 1), Haemodynamics.KONG_2021, timing, PhiloxNoise.of(1, 0));
        }
    }

    private static Connectome connectome(Random random) {
        double[][] strengths = new double[REGIONS][REGIONS];
        for (int i = 0; i < REGIONS; i++) {
            for (int j = i + 1; j < REGIONS; j++) {
                boolean connected = j == i + 1 || random.nextDouble() < DENSITY;
                double strength = connected ? Math.exp(2 * random.nextGaussian()) : 0;
                strengths[i][j] = strength;
                strengths[j][i] = strength;
            }
        }
        return Connectome.scaling(strengths);
    }

    private static List<RegionalParameters> candidates(int count, Random random) {
        List<RegionalParameters> candidates = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            candidates.add(RegionalParameters.homogeneous(
                    REGIONS,
                    .4 + .2 * random.nextDouble(),
                    .29 + .02 * random.nextDouble(),
                    1 + random.nextDouble(),
                    .002 + .003 * random.nextDouble()));
        }
        return candidates;
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    /** The best round, because another program can only slow one down. */
    private static final class Measured {
        private static final OperatingSystemMXBean SYSTEM =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

        private int simulations;
        private double best;
        private double bestPerCore;

        void add(int count, Work work) throws InterruptedException {
            long wall = System.nanoTime();
            long cpu = SYSTEM.getProcessCpuTime();
            work.run();
            simulations += count;
            bestPerCore = Math.max(bestPerCore, count * 1e9 / (SYSTEM.getProcessCpuTime() - cpu));
            best = Math.max(best, count * 1e9 / (System.nanoTime() - wall));
        }

        RegionalSpeed speed(double share) {
            return new RegionalSpeed(simulations, best * share, bestPerCore * share);
        }
    }
}
