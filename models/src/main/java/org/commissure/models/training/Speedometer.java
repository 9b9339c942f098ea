package org.commissure.models.training;

import java.time.Duration;
import java.util.Optional;

/** Says how fast a run is, every other second. Not thread-safe. */
final class Speedometer {
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final long steps;
    private final long tokensPerStep;
    private long lastNanos = System.nanoTime();
    private long pausedNanos;
    private int stepsSince;
    private double lossSince;

    Speedometer(long steps, long tokensPerStep) {
        this.steps = steps;
        this.tokensPerStep = tokensPerStep;
    }

    /** Time that evaluations and checkpoints took does not count as training. */
    void paused(long nanos) {
        pausedNanos += nanos;
    }

    /** @param step steps taken so far */
    Optional<TrainingEvent.Progress> stepped(long step, double loss) {
        stepsSince++;
        lossSince += loss;
        long now = System.nanoTime();
        if (now - lastNanos < PERIOD.toNanos() && step < steps) {
            return Optional.empty();
        }
        double seconds = Math.max(1, now - lastNanos - pausedNanos) / 1e9;
        double secondsPerStep = seconds / stepsSince;
        var progress = new TrainingEvent.Progress(
                step, steps, lossSince / stepsSince, tokensPerStep / secondsPerStep, Duration.ofMillis((long)
                        (1000 * secondsPerStep * (steps - step))));
        lastNanos = now;
        pausedNanos = 0;
        stepsSince = 0;
        lossSince = 0;
        return Optional.of(progress);
    }
}
