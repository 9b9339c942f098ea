package org.commissure.site.cli;

import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.scoring.ScoringSettings;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Option;

/** Windows of the functional connectivity dynamics. */
final class RegionalWindowOptions {
    @Option(
            names = "--window",
            paramLabel = "FRAMES",
            description = "window of the dynamics; 83 frames are 60 s at a repetition time of 0.72 s (default:"
                    + " ${DEFAULT-VALUE})")
    private int window = ConnectivityDynamics.WINDOW_FRAMES;

    @Option(
            names = "--stride",
            paramLabel = "FRAMES",
            description =
                    "frames between windows; 4 is faster and changes ks by at most about 0.0005; the validation and"
                            + " test of a fit use 1 (default: ${DEFAULT-VALUE})")
    private int stride;

    RegionalWindowOptions(int stride) {
        this.stride = stride;
    }

    ScoringSettings scoring(Haemodynamics haemodynamics, Timing timing) {
        try {
            return new ScoringSettings(haemodynamics, timing, window, stride);
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "give more --frames, or a shorter --window, or a smaller --stride",
                    e);
        }
    }
}
