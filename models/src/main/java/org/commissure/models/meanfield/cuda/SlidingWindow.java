package org.commissure.models.meanfield.cuda;

import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;

/** Windows of the functional connectivity dynamics, both in frames. */
public record SlidingWindow(int frames, int stride) {
    int count(Timing timing) {
        return ConnectivityDynamics.windows(timing.keptFrames(), frames, stride);
    }
}
