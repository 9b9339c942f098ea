package org.commissure.models.meanfield.tangent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.Noise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;

/**
 * Simulated functional connectivity and how it changes with the parameters.
 *
 * @param correlation [pairs], upper triangle
 * @param derivatives [directions][pairs]
 */
public record ConnectivityJacobian(double[] correlation, double[][] derivatives) {
    private static final int NOISE_STEPS = 1_024;

    /**
     * One simulation in double precision that carries its derivatives in single precision; the directions are shared
     * out among {@code threads}, each of which repeats the simulation itself.
     *
     * @throws IllegalArgumentException if regions differ
     */
    public static ConnectivityJacobian of(
            Connectome connectome,
            RegionalParameters parameters,
            List<Direction> directions,
            Haemodynamics haemodynamics,
            Timing timing,
            Noise noise,
            int threads)
            throws InterruptedException {
        check(connectome, parameters, directions);
        int share = Math.ceilDiv(directions.size(), Math.min(threads, directions.size()));
        List<Callable<ConnectivityJacobian>> parts = new ArrayList<>();
        for (int from = 0; from < directions.size(); from += share) {
            List<Direction> some = directions.subList(from, Math.min(directions.size(), from + share));
            parts.add(() -> part(connectome, parameters, some, haemodynamics, timing, noise));
        }
        double[][] derivatives = new double[directions.size()][];
        double[] correlation = {};
        int next = 0;
        ExecutorService pool = Executors.newFixedThreadPool(parts.size());
        try {
            for (Future<ConnectivityJacobian> done : pool.invokeAll(parts)) {
                ConnectivityJacobian part = done.get();
                correlation = part.correlation();
                for (double[] row : part.derivatives()) {
                    derivatives[next++] = row;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("a simulation failed", e.getCause());
        } finally {
            pool.shutdownNow();
        }
        return new ConnectivityJacobian(correlation, derivatives);
    }

    private static void check(Connectome connectome, RegionalParameters parameters, List<Direction> directions) {
        int regions = connectome.regions();
        if (directions.isEmpty()) {
            throw new IllegalArgumentException("there is no direction to differentiate along");
        }
        if (parameters.regions() != regions
                || directions.stream().anyMatch(direction -> direction.recurrence().length != regions)) {
            throw new IllegalArgumentException("the structural connectome has " + regions
                    + " regions, but the parameters or a direction have another number");
        }
    }

    private static ConnectivityJacobian part(
            Connectome connectome,
            RegionalParameters parameters,
            List<Direction> directions,
            Haemodynamics haemodynamics,
            Timing timing,
            Noise noise)
            throws InterruptedException {
        TangentState state = new TangentState(connectome, parameters, directions, haemodynamics, timing.stepSeconds());
        int regions = connectome.regions();
        double[] bold = new double[timing.keptFrames() * regions];
        float[][] derivative = new float[timing.keptFrames() * regions][directions.size()];
        float[] increments = new float[NOISE_STEPS * regions];
        int frame = -timing.discardedFrames();
        for (int step = 0; step < timing.totalSteps(); step++) {
            int buffered = step % NOISE_STEPS;
            if (buffered == 0) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted at step " + step);
                }
                noise.fill(step, Math.min(NOISE_STEPS, timing.totalSteps() - step), regions, increments);
            }
            int main = step - timing.warmUpSteps();
            state.step(increments, buffered * regions, main >= 0);
            if (main >= 0 && timing.endsFrame(main)) {
                if (frame >= 0) {
                    state.bold(bold, frame * regions, derivative, frame * regions);
                }
                frame++;
            }
        }
        return differentiated(new Bold(timing.keptFrames(), regions, bold), derivative, directions.size());
    }

    /**
     * With u the standardised series, r(i,j) = u(i)·u(j), and x ↦ u has the derivative
     * (dx − mean dx − u (u·dx)) / ‖x − mean‖; the mean drops out, because u has none.
     */
    private static ConnectivityJacobian differentiated(Bold bold, float[][] derivative, int lanes) {
        int regions = bold.regions();
        int frames = bold.frames();
        double[] correlation = FunctionalConnectivity.of(bold);
        double[] norm = new double[regions];
        double[] unit = standardised(bold, norm);
        float[][] product = new float[regions * regions][lanes]; // (i, j): u(i)·dx(j)
        for (int frame = 0; frame < frames; frame++) {
            for (int i = 0; i < regions; i++) {
                float u = (float) unit[frame * regions + i];
                for (int j = 0; j < regions; j++) {
                    add(product[i * regions + j], u, derivative[frame * regions + j]);
                }
            }
        }
        double[][] derivatives = new double[lanes][correlation.length];
        int pair = 0;
        for (int i = 0; i < regions; i++) {
            for (int j = i + 1; j < regions; j++, pair++) {
                double r = correlation[pair];
                for (int lane = 0; lane < lanes; lane++) {
                    derivatives[lane][pair] =
                            (product[i * regions + j][lane] - r * product[j * regions + j][lane]) / norm[j]
                                    + (product[j * regions + i][lane] - r * product[i * regions + i][lane]) / norm[i];
                }
            }
        }
        return new ConnectivityJacobian(correlation, derivatives);
    }

    private static void add(float[] out, float a, float[] x) {
        for (int l = 0; l < out.length; l++) {
            out[l] += a * x[l];
        }
    }

    /** [frames, regions] without mean and of norm 1 over time; the norms go to {@code norm}. */
    private static double[] standardised(Bold bold, double[] norm) {
        int regions = bold.regions();
        double[] unit = bold.values().clone();
        for (int region = 0; region < regions; region++) {
            double mean = 0;
            for (int frame = 0; frame < bold.frames(); frame++) {
                mean += unit[frame * regions + region] / bold.frames();
            }
            double square = 0;
            for (int frame = 0; frame < bold.frames(); frame++) {
                unit[frame * regions + region] -= mean;
                square += unit[frame * regions + region] * unit[frame * regions + region];
            }
            norm[region] = Math.sqrt(square);
            for (int frame = 0; frame < bold.frames(); frame++) {
                unit[frame * regions + region] /= norm[region];
            }
        }
        return unit;
    }

    /** Whether every number is finite; a simulation with an unstable state is not. */
    public boolean isFinite() {
        for (double[] row : derivatives) {
            for (double value : row) {
                if (!Double.isFinite(value)) {
                    return false;
                }
            }
        }
        for (double value : correlation) {
            if (!Double.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
