package org.commissure.site.compute;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How fast a long local training is and how long it still takes, in a line for the site's own log every
 * half a minute. It counts sampled patients, so the line must not leave the site. Not thread-safe.
 */
final class TrainingPace {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LongSupplier nanos;
    private final int firstStep;
    private final int steps;
    private final long startNanos;
    private long lastNanos;
    private long patients;
    private long patientsBefore;

    /**
     * @param firstStep steps that were taken before this process began
     * @param nanos a clock as {@link System#nanoTime}
     */
    TrainingPace(int firstStep, int steps, LongSupplier nanos) {
        this.firstStep = firstStep;
        this.steps = steps;
        this.nanos = nanos;
        this.startNanos = nanos.getAsLong();
        this.lastNanos = startNanos;
    }

    /** @param done steps taken so far in the round, with the fraction of the present one */
    Optional<String> patient(double done) {
        patients++;
        long now = nanos.getAsLong();
        if (now - lastNanos < PERIOD_NANOS) {
            return Optional.empty();
        }
        double rate = (patients - patientsBefore) / ((now - lastNanos) / 1e9);
        double secondsLeft = (now - startNanos) / 1e9 * (steps - done) / (done - firstStep);
        lastNanos = now;
        patientsBefore = patients;
        return Optional.of(String.format(
                Locale.ROOT,
                "training, %d of %d steps done, %.2f patients/s, %s left",
                (int) done,
                steps,
                rate,
                text(Duration.ofSeconds(Math.round(secondsLeft)))));
    }

    private static String text(Duration left) {
        return left.toHours() > 0
                ? left.toHours() + " h " + left.toMinutesPart() + " min"
                : left.toMinutes() + " min " + left.toSecondsPart() + " s";
    }
}
