package org.commissure.models.meanfield.fit;

import java.util.List;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.scoring.ScoringSettings;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;

/**
 * One inversion by Gauss–Newton steps.
 *
 * @param iterations each takes one differentiated simulation, and one simulation for each damping
 * @param priorVariance of every logarithm
 * @param dampings shares by which the diagonal of the normal equations is raised; the step that fits best is taken
 */
public record InversionSettings(ScoringSettings scoring, int iterations, double priorVariance, List<Double> dampings) {
    private static final List<Double> DAMPINGS = List.of(0.0, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0);

    /** Prior and haemodynamics of Wang et al. 2019, with the clock of Kong et al. 2021. */
    public static final InversionSettings WANG_2018 = wang2018(Timing.KONG_2021, 30);

    public InversionSettings {
        dampings = List.copyOf(dampings);
        if (iterations < 1 || !(priorVariance > 0) || dampings.isEmpty()) {
            throw new IllegalArgumentException("an inversion needs an iteration, a positive prior variance and a"
                    + " damping; this one has " + iterations + ", " + priorVariance + " and " + dampings.size());
        }
    }

    public static InversionSettings wang2018(Timing timing, int iterations) {
        ScoringSettings scoring =
                new ScoringSettings(Haemodynamics.WANG_2018, timing, ConnectivityDynamics.WINDOW_FRAMES, 1);
        return new InversionSettings(scoring, iterations, 0.25, DAMPINGS);
    }
}
