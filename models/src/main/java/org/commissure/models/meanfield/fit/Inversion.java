package org.commissure.models.meanfield.fit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.scoring.Scorer;
import org.commissure.models.meanfield.scoring.ScoringTask;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.Target;
import org.commissure.models.meanfield.tangent.ConnectivityJacobian;

/**
 * Inversion of the model on functional connectivity: expectation–maximisation with a Gaussian prior on the parameters'
 * logarithms (Wang et al. 2019, after Friston 2002). With one connectivity matrix the noise variance has the fixed point
 * ‖r‖² / (T − p); the expectation step is one damped Gauss–Newton step, of which several dampings are simulated and the
 * best is kept. The Jacobian is exact for the iteration's noise, which comes from the seed and the iteration alone: a
 * fit that was killed goes on from its checkpoint with the same steps to the bit.
 */
public final class Inversion {
    /** A step changes no parameter by more than a factor e. */
    private static final double LONGEST_STEP = 1;

    private final Scorer scorer;
    private final FitData train;
    private final LogScales scales;
    private final InversionSettings settings;
    private final long seed;
    private final int threads;
    private final String stage;
    private final FitListener listener;

    /**
     * @param threads that differentiate
     * @param stage how progress names this fit
     * @throws IllegalArgumentException if there are fewer pairs of regions than parameters, or regions differ
     */
    public Inversion(
            Scorer scorer,
            FitData train,
            LogScales scales,
            InversionSettings settings,
            long seed,
            int threads,
            String stage,
            FitListener listener) {
        int pairs = train.target().correlation().length;
        if (scales.prior().regions() != train.regions()) {
            throw new IllegalArgumentException("the prior has " + scales.prior().regions()
                    + " regions, but the connectome has " + train.regions());
        }
        if (pairs <= scales.dimensions()) {
            throw new IllegalArgumentException(train.regions() + " regions have " + pairs + " pairs, too few for "
                    + scales.dimensions() + " parameters");
        }
        this.scorer = scorer;
        this.train = new FitData(
                train.connectome(), new Target(train.regions(), train.target().correlation(), Optional.empty()));
        this.scales = scales;
        this.settings = settings;
        this.seed = seed;
        this.threads = threads;
        this.stage = stage;
        this.listener = listener;
    }

    /** What an inversion carries from one iteration to the next. */
    record State(double[] logs, List<InversionStep> steps) {}

    /**
     * Runs, or goes on where {@code checkpoint} ends.
     *
     * @return one step for each iteration that found a simulation that can be scored, in order
     * @throws FitCheckpointException if the checkpoint is of another fit
     * @throws ArithmeticException if the simulation cannot be differentiated where the fit stands
     */
    public List<InversionStep> run(Optional<Path> checkpoint) throws IOException, InterruptedException {
        Optional<FitCheckpoint<State>> file =
                checkpoint.map(path -> new FitCheckpoint<>(path, "inversion", fingerprint(), State.class));
        State start = new State(new double[scales.dimensions()], List.of());
        State state = file.isPresent() ? file.get().read().orElse(start) : start;
        int resumedAt = state.steps().size();
        long begin = System.nanoTime();
        while (state.steps().size() < settings.iterations()) {
            state = iterate(state);
            if (file.isPresent()) {
                file.get().write(state);
            }
            int done = state.steps().size();
            double best = state.steps().stream()
                    .mapToDouble(step -> 1 - step.fcCorrelation())
                    .min()
                    .orElseThrow();
            listener.progressed(new FitProgress(
                    stage,
                    done,
                    settings.iterations(),
                    best,
                    FitProgress.left(System.nanoTime() - begin, done - resumedAt, settings.iterations() - done)));
        }
        return List.copyOf(state.steps());
    }

    private State iterate(State state) throws InterruptedException {
        int iteration = state.steps().size();
        long noise = Seeds.of(seed, Seeds.SEARCH_NOISE, iteration);
        RegionalParameters at = scales.parameters(state.logs());
        ConnectivityJacobian jacobian = ConnectivityJacobian.of(
                train.connectome(),
                at,
                scales.directions(at),
                settings.scoring().haemodynamics(),
                settings.scoring().timing(),
                PhiloxNoise.of(noise, 0),
                threads);
        if (!jacobian.isFinite()) {
            throw new ArithmeticException("the simulation left the range of numbers at iteration " + (iteration + 1)
                    + "; the prior or the structural connectome does not suit the model");
        }
        NormalEquations equations =
                NormalEquations.of(jacobian, train.target().correlation(), state.logs(), settings.priorVariance());
        List<double[]> points = new ArrayList<>();
        for (double damping : settings.dampings()) {
            points.add(moved(state.logs(), equations.step(damping)));
        }
        List<Cost> costs = scorer.score(new ScoringTask(
                train.connectome(),
                train.target(),
                settings.scoring(),
                points.stream().map(scales::parameters).toList(),
                1,
                noise));
        int best = 0;
        for (int i = 1; i < costs.size(); i++) {
            if (costs.get(i).fcCost() < costs.get(best).fcCost()) {
                best = i;
            }
        }
        if (costs.get(best).diverged()) {
            throw new ArithmeticException("no step of iteration " + (iteration + 1) + " can be simulated");
        }
        List<InversionStep> steps = new ArrayList<>(state.steps());
        steps.add(new InversionStep(
                iteration + 1,
                points.get(best),
                costs.get(best).fcCorrelation(),
                settings.dampings().get(best)));
        return new State(points.get(best), steps);
    }

    private static double[] moved(double[] logs, double[] step) {
        double[] moved = logs.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += Math.clamp(step[i], -LONGEST_STEP, LONGEST_STEP);
        }
        return moved;
    }

    private String fingerprint() {
        return new Fingerprint()
                .add(train)
                .add(scales.fingerprint())
                .add(settings.toString())
                .add(Long.toString(seed))
                .hex();
    }
}
