package org.commissure.coordinator.round;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.commissure.protocol.config.OpeningHours;
import org.jspecify.annotations.Nullable;

/**
 * Why the next sum of a run does not begin by itself, or will not.
 *
 * @param reason in words
 * @param until ISO-8601 UTC, when it begins by itself; null where a person must continue the run
 */
public record RunHold(Kind kind, String reason, @Nullable String until) {
    /** What holds it. */
    public enum Kind {
        /** Somebody asked for a pause; the round under way goes on to its end. */
        PAUSING,
        /** No round begins until somebody continues the run. */
        PAUSED,
        /** The study's hours are over for now. */
        HOURS
    }

    /** Whether no sum is under way because of it. */
    @JsonIgnore
    public boolean isIdle() {
        return kind != Kind.PAUSING;
    }

    @JsonIgnore
    Optional<Command> opening() {
        return Optional.ofNullable(until)
                .map(time -> new Command.ArmBegin(Instant.parse(time).toEpochMilli()));
    }

    /** What keeps the sum that is due from beginning at that time; a pause is between rounds, hours are before any sum. */
    static Optional<RunHold> of(RunState run, long atUnixMs) {
        Optional<Sum> next = SumEnd.next(run);
        if (next.isEmpty()) {
            return Optional.empty();
        }
        if (run.pause().isPresent() && next.get().round() != run.sum().round()) {
            return Optional.of(new RunHold(
                    Kind.PAUSED, "the run is paused" + because(run.pause().get()), null));
        }
        Instant now = Instant.ofEpochMilli(atUnixMs);
        return run.plan().study().hours().filter(hours -> !hours.isOpen(now)).map(hours -> ofHours(hours, now));
    }

    /** As a reader of the status is told it; empty where nothing holds the run. */
    static Optional<RunHold> told(RunState run, long atUnixMs) {
        if (run.outcome().terminal()) {
            return Optional.empty();
        }
        boolean between = run.phase() instanceof Released || run.phase() instanceof Aborted;
        // Between two sums of one round, and before its retry, a pause is still to come.
        return (between ? of(run, atUnixMs) : Optional.<RunHold>empty()).or(() -> pausing(run));
    }

    private static Optional<RunHold> pausing(RunState run) {
        return run.pause()
                .map(pause -> new RunHold(
                        Kind.PAUSING,
                        "no further round begins after round " + run.sum().round() + because(pause),
                        null));
    }

    private static RunHold ofHours(OpeningHours hours, Instant now) {
        ZonedDateTime opens = hours.opensAfter(now);
        return new RunHold(
                Kind.HOURS,
                "the study's hours are " + hours.words(),
                opens.toInstant().toString());
    }

    private static String because(RunState.Pause pause) {
        return pause.reason().isEmpty() ? "" : ": " + pause.reason();
    }
}
