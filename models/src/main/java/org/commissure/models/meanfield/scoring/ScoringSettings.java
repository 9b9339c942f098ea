package org.commissure.models.meanfield.scoring;

import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;

/**
 * How a simulation becomes a score.
 *
 * @param windowFrames of the FCD
 * @param strideFrames of the FCD: 1 as published; 4 in a search, which changes KS by at most .0005
 */
public record ScoringSettings(Haemodynamics haemodynamics, Timing timing, int windowFrames, int strideFrames) {
    /** Kong et al. 2021 with the published FCD. */
    public static final ScoringSettings KONG_2021 =
            new ScoringSettings(Haemodynamics.KONG_2021, Timing.KONG_2021, ConnectivityDynamics.WINDOW_FRAMES, 1);

    public ScoringSettings {
        ConnectivityDynamics.windows(timing.keptFrames(), windowFrames, strideFrames);
    }

    public ScoringSettings withStride(int strideFrames) {
        return new ScoringSettings(haemodynamics, timing, windowFrames, strideFrames);
    }
}
