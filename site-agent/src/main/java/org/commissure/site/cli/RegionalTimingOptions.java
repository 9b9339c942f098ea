package org.commissure.site.cli;

import org.commissure.models.meanfield.Timing;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Option;

/** The clock of a simulation. */
final class RegionalTimingOptions {
    private static final double KONG_TR_SECONDS = 0.72;
    private static final int KONG_FRAMES = 1_200;

    @Option(
            names = "--tr",
            paramLabel = "SECONDS",
            description = "repetition time, simulated in steps of 10 ms (default: ${DEFAULT-VALUE})")
    private double repetitionTimeSeconds = KONG_TR_SECONDS;

    @Option(
            names = "--frames",
            paramLabel = "N",
            description = "frames that count, after 120 s that do not (default: ${DEFAULT-VALUE})")
    private int frames = KONG_FRAMES;

    Timing timing() {
        if (repetitionTimeSeconds == KONG_TR_SECONDS && frames == KONG_FRAMES) {
            return Timing.KONG_2021; // its last frame is cut short, as published
        }
        try {
            return Timing.of(repetitionTimeSeconds, frames);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "give --tr in seconds, at least 0.01, and --frames of at least 1",
                    e);
        }
    }
}
