package org.commissure.coordinator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.commissure.coordinator.round.Aborted;
import org.commissure.coordinator.round.Released;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunEvent;
import org.commissure.coordinator.round.RunObserver;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunState;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens to runs since the process started. Labels are phases, kinds and causes, of which there are few:
 * never a site's words. Confined to the run's thread, as an observer is.
 */
final class RunMeters implements RunObserver {
    /** From what a phase of a small federation takes up to a day of local training. */
    private static final Duration[] BOUNDS = {
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10),
        Duration.ofHours(1),
        Duration.ofHours(6),
        Duration.ofDays(1)
    };

    private final MeterRegistry registry;
    private long phaseStartedUnixMs;

    RunMeters(MeterRegistry registry) {
        this.registry = registry;
        // What is exported shall not depend on what has happened: an alert on a series that is missing never fires.
        for (RunOutcome outcome : RunOutcome.values()) {
            if (outcome.terminal()) {
                ended(outcome);
            }
        }
        for (String outcome : new String[] {"released", "aborted"}) {
            sums("TRAIN", outcome);
        }
        for (RoundOutcome outcome : RoundOutcome.values()) {
            rounds(outcome);
        }
        for (String cause : new String[] {"disconnected", "grace_expired", "refused_invitation", "dropped"}) {
            failures(cause, "collecting");
        }
        deadlines("collecting");
        phases("collecting");
        roundTimes();
    }

    private Counter ended(RunOutcome outcome) {
        return Counter.builder("commissure.coordinator.runs")
                .description("Runs that ended")
                .tag("outcome", lower(outcome))
                .register(registry);
    }

    private Counter sums(String kind, String outcome) {
        return Counter.builder("commissure.coordinator.sums")
                .description("Attempts at secure sums that ended")
                .tags("sum", kind, "outcome", outcome)
                .register(registry);
    }

    private Counter rounds(RoundOutcome outcome) {
        return Counter.builder("commissure.coordinator.rounds")
                .description("Rounds that ended")
                .tag("outcome", lower(outcome))
                .register(registry);
    }

    private Counter failures(String cause, String phase) {
        return Counter.builder("commissure.coordinator.site.failures")
                .description("Sites that were lost to an attempt or a connection, by cause")
                .tags("cause", cause, "phase", phase)
                .register(registry);
    }

    private Counter deadlines(String phase) {
        return Counter.builder("commissure.coordinator.deadlines.reached")
                .description("Phases that their deadline ended")
                .tag("phase", phase)
                .register(registry);
    }

    private Timer phases(String phase) {
        return Timer.builder("commissure.coordinator.phase.duration")
                .description("Time that phases of secure sums took")
                .tag("phase", phase)
                .serviceLevelObjectives(BOUNDS)
                .register(registry);
    }

    private Timer roundTimes() {
        return Timer.builder("commissure.coordinator.round.duration")
                .description("Time from a round's first invitation to its end")
                .serviceLevelObjectives(BOUNDS)
                .register(registry);
    }

    @Override
    public void happened(RunEvent event, @Nullable RunState before, RunState after) {
        if (before == null) {
            phaseStartedUnixMs = event.atUnixMs();
            return;
        }
        String phase = before.phase().label();
        boolean moved =
                !before.sum().equals(after.sum()) || !phase.equals(after.phase().label());
        cause(event, before).ifPresent(cause -> failures(cause, phase).increment());
        if (event instanceof RunEvent.DeadlineReached && moved) {
            deadlines(phase).increment();
        }
        if (moved) {
            phases(phase).record(Math.max(0, event.atUnixMs() - phaseStartedUnixMs), TimeUnit.MILLISECONDS);
            phaseStartedUnixMs = event.atUnixMs();
            if (after.phase() instanceof Released) {
                sums(after.sum().kind().name(), "released").increment();
            } else if (after.phase() instanceof Aborted) {
                sums(after.sum().kind().name(), "aborted").increment();
            }
        }
        if (after.history().size() > before.history().size()) {
            RoundSummary round = after.history().getLast();
            rounds(round.outcome()).increment();
            roundTimes().record(Math.round(round.seconds() * 1000), TimeUnit.MILLISECONDS);
        }
        if (after.outcome().terminal() && !before.outcome().terminal()) {
            ended(after.outcome()).increment();
        }
    }

    private static Optional<String> cause(RunEvent event, RunState before) {
        if (before.outcome().terminal()) {
            return Optional.empty();
        }
        return switch (event) {
            case RunEvent.SiteDisconnected e -> Optional.of("disconnected");
            case RunEvent.GraceExpired e -> Optional.of("grace_expired");
            case RunEvent.SiteDropped e -> Optional.of("dropped");
            case RunEvent.InvitationAnswered e -> e.accepted() ? Optional.empty() : Optional.of("refused_invitation");
            default -> Optional.empty();
        };
    }

    private static String lower(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }
}
