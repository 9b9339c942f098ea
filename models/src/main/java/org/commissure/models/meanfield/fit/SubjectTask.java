package org.commissure.models.meanfield.fit;

import java.util.Optional;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;

/**
 * One subject's fit, complete: it can be sent to another process as JSON. It holds a patient's connectivity, so it stays
 * within the hospital.
 *
 * @param subject names the result; not used otherwise
 * @param connectome [regions²], scaled as {@link Connectome} does
 * @param correlation [pairs] of the subject's functional connectivity
 * @param dynamics cumulative distribution of the subject's FCD, or of length 0 where the scan is too short for one
 * @param prior w, I, G, σ of the group, [3·regions + 1]
 * @param frames of the scan, and of the simulation
 * @param windowFrames of the FCD
 */
public record SubjectTask(
        String subject,
        int regions,
        double[] connectome,
        double[] correlation,
        double[] dynamics,
        double[] prior,
        double repetitionTimeSeconds,
        int frames,
        int windowFrames,
        Haemodynamics haemodynamics,
        int iterations,
        double priorVariance,
        long seed) {
    /** Kong et al. 2021: a minute. */
    private static final double WINDOW_SECONDS = 60;

    /** Under it a correlation has a standard error of more than .2. */
    private static final int FEWEST_FRAMES = 25;

    /** Fewer windows than this make no distribution. */
    private static final int FEWEST_WINDOWS = 100;

    /** How the subjects of a group are fitted. */
    public record Settings(Haemodynamics haemodynamics, int iterations, double priorVariance, long seed) {}

    /**
     * From a subject's series.
     *
     * @param series [frames, regions]
     * @throws IllegalArgumentException if regions differ, the scan is shorter than the parameters need, or a region's
     *     series is constant or not finite; the message says which region
     */
    public static SubjectTask of(
            String subject,
            Bold series,
            double repetitionTimeSeconds,
            Connectome connectome,
            RegionalParameters prior,
            Settings settings) {
        int regions = connectome.regions();
        if (series.regions() != regions || prior.regions() != regions) {
            throw new IllegalArgumentException("the series has " + series.regions() + " regions and the prior "
                    + prior.regions() + ", but the structural connectome has " + regions);
        }
        if (series.frames() < FEWEST_FRAMES) {
            throw new IllegalArgumentException("the series has " + series.frames() + " frames, fewer than the "
                    + FEWEST_FRAMES + " from which connectivity can be estimated");
        }
        checkVariation(series);
        int window = Math.max(3, Math.toIntExact(Math.round(WINDOW_SECONDS / repetitionTimeSeconds)));
        Optional<double[]> dynamics = Optional.empty();
        if (series.frames() - window + 1 >= FEWEST_WINDOWS) {
            dynamics = Optional.of(cumulative(ConnectivityDynamics.histogram(series, window, 1)));
        }
        return new SubjectTask(
                subject,
                regions,
                connectome.toArray(),
                FunctionalConnectivity.of(series),
                dynamics.orElse(new double[0]),
                prior.toVector(),
                repetitionTimeSeconds,
                series.frames(),
                window,
                settings.haemodynamics(),
                settings.iterations(),
                settings.priorVariance(),
                settings.seed());
    }

    private static void checkVariation(Bold series) {
        for (int region = 0; region < series.regions(); region++) {
            double first = series.values()[region];
            boolean constant = true;
            for (int frame = 0; frame < series.frames(); frame++) {
                double value = series.values()[frame * series.regions() + region];
                if (!Double.isFinite(value)) {
                    throw new IllegalArgumentException(
                            "region " + (region + 1) + " has a value that is not finite at frame " + (frame + 1));
                }
                constant &= value == first;
            }
            if (constant) {
                throw new IllegalArgumentException(
                        "region " + (region + 1) + " is constant, as outside the field of view");
            }
        }
    }

    private static double[] cumulative(long[] histogram) {
        double[] counts = new double[histogram.length];
        for (int bin = 0; bin < counts.length; bin++) {
            counts[bin] = histogram[bin];
        }
        return ConnectivityDynamics.cumulative(counts);
    }

    /** The same task under another name, such as one that names nobody. */
    public SubjectTask named(String name) {
        return new SubjectTask(
                name,
                regions,
                connectome,
                correlation,
                dynamics,
                prior,
                repetitionTimeSeconds,
                frames,
                windowFrames,
                haemodynamics,
                iterations,
                priorVariance,
                seed);
    }

    /** [regions, regions] as {@link Connectome#ofScaled} takes them. */
    double[][] connectomeRows() {
        double[][] rows = new double[regions][regions];
        for (int row = 0; row < regions; row++) {
            System.arraycopy(connectome, row * regions, rows[row], 0, regions);
        }
        return rows;
    }
}
