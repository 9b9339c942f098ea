package org.commissure.coordinator.round;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.commissure.protocol.study.StudySums;
import org.jspecify.annotations.Nullable;

/** Builds the status document from a state and what the shell knows beside it. */
final class Summaries {
    private Summaries() {}

    static RunSummary of(RunState run, SiteActivity activity, Set<String> connected, long nowUnixMs) {
        boolean running = !run.outcome().terminal();
        RunHold hold = RunHold.told(run, nowUnixMs).orElse(null);
        long deadline = run.phase().deadlineUnixMs();
        List<SiteSummary> sites = run.sites().keySet().stream()
                .map(site -> new SiteSummary(
                        site,
                        connected.contains(site),
                        activity.activity(site).what(),
                        activity.activity(site).fraction(),
                        activity.bytes(site)))
                .toList();
        return new RunSummary(
                run.plan().runId(),
                run.outcome(),
                run.reason(),
                run.plan().study().study().name(),
                run.sum().round(),
                StudySums.lastRound(run.plan().study()),
                run.sum().kind().name(),
                run.phase().label(),
                run.sum().attempt(),
                running ? List.copyOf(run.phase().waitingFor(run)) : List.of(),
                running && deadline != Long.MAX_VALUE
                        ? Instant.ofEpochMilli(deadline).toString()
                        : null,
                running && (hold == null || !hold.isIdle()) ? secondsLeft(run, nowUnixMs) : null,
                hold,
                sites,
                run.history());
    }

    /** Mean duration of the finished training rounds times the rounds that are left, less what has passed. */
    private static @Nullable Long secondsLeft(RunState run, long nowUnixMs) {
        double mean = run.history().stream()
                .filter(round -> round.round() > 0 && round.round() < run.sum().round())
                .mapToDouble(RoundSummary::seconds)
                .average()
                .orElse(Double.NaN);
        if (Double.isNaN(mean)) {
            return null;
        }
        double inThisRound = (nowUnixMs - run.roundStartedUnixMs()) / 1000.0;
        int roundsAfter = StudySums.lastRound(run.plan().study()) - run.sum().round();
        return Math.round(Math.max(0, mean - inThisRound) + mean * roundsAfter);
    }
}
