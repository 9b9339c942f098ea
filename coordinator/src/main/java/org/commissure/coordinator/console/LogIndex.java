package org.commissure.coordinator.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.commissure.coordinator.report.RunReport.PrivacySpent;
import org.commissure.coordinator.report.SealedPatients;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.Facts;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What the log's entries add up to: failures, the privacy that sites say they spent, the cohorts they sealed. Reads each entry
 * once, when somebody asks; of the entries it keeps failures, one line for each site and run, and nothing else. What a site
 * stated is what it said. Thread-safe.
 */
final class LogIndex {
    private static final int BATCH = 10_000;
    /** Older ones are in the log. */
    private static final int MAXIMUM_FAILURES = 5_000;

    private final Sources sources;
    private final List<Failure> failures = new ArrayList<>();
    private final Map<String, SealedPatients> sealed = new TreeMap<>();
    private final Map<SiteRun, Stated> highest = new TreeMap<>();
    private final Map<SiteRun, Integer> counts = new TreeMap<>();
    private long next;

    LogIndex(Sources sources) {
        this.sources = sources;
    }

    private record SiteRun(String site, String runId) implements Comparable<SiteRun> {
        @Override
        public int compareTo(SiteRun other) {
            int bySite = site.compareTo(other.site);
            return bySite != 0 ? bySite : runId.compareTo(other.runId);
        }
    }

    private record Stated(PrivacySpent privacy, Instant at) {}

    /**
     * Something that did not go as it should.
     *
     * @param actor who signed the entry
     * @param about the site that it is about; the actor where the entry names none
     * @param cause in the words of the entry
     */
    record Failure(
            long logIndex,
            Instant at,
            String action,
            String actor,
            String about,
            String runId,
            int round,
            String cause,
            String remedy) {}

    /**
     * What a site's patients' privacy has cost in a run, in the site's signed words.
     *
     * @param epsilonSpent over all runs that the site's ledger knows: the highest that it stated in this run
     * @param logIndex the entry that says so
     */
    record Spent(
            String site,
            String runId,
            int charges,
            double epsilonSpent,
            double delta,
            @Nullable Double epsilonLeft,
            long logIndex,
            Instant at) {}

    /** Newest first. */
    synchronized List<Failure> failures() {
        update();
        return failures.reversed().stream().toList();
    }

    /** By site, then run. */
    synchronized List<Spent> spent() {
        update();
        return highest.entrySet().stream()
                .map(stated -> summed(stated.getKey(), stated.getValue()))
                .toList();
    }

    /** How many patients each site sealed last, as it said. */
    synchronized Map<String, SealedPatients> sealedPatients() {
        update();
        return Map.copyOf(sealed);
    }

    private void update() {
        while (true) {
            List<LoggedEntry> more = LogReader.read(sources.log(), next, next + BATCH);
            more.forEach(this::take);
            next += more.size();
            if (more.size() < BATCH) {
                return;
            }
        }
    }

    private void take(LoggedEntry logged) {
        LogEntry entry = logged.entry();
        if (isFailure(entry)) {
            failures.add(new Failure(
                    logged.index(),
                    time(entry),
                    entry.getAction(),
                    logged.actorName(),
                    Facts.text(entry, "site").orElse(logged.actorName()),
                    entry.getRunId(),
                    entry.getRound(),
                    entry.getDetail().isBlank()
                            ? Facts.text(entry, "reason").orElse("the entry gives no reason")
                            : entry.getDetail(),
                    Remedies.of(entry.getAction())));
            if (failures.size() > MAXIMUM_FAILURES) {
                failures.removeFirst();
            }
        }
        switch (entry.getAction()) {
            case Actions.COHORT_SEALED ->
                SealedPatients.in(logged).ifPresent(patients -> sealed.put(logged.actorName(), patients));
            case Actions.PRIVACY_CHARGED -> charge(logged);
            default -> {
                // says nothing that is added up
            }
        }
    }

    private static boolean isFailure(LogEntry entry) {
        boolean runFailed = entry.getAction().equals(Actions.RUN_FINISHED)
                && Facts.text(entry, "outcome").filter("FAILED"::equals).isPresent();
        return runFailed
                || Remedies.known(entry.getAction())
                || entry.getOutcome() == Outcome.REFUSED
                || entry.getOutcome() == Outcome.ABORTED
                || entry.getOutcome() == Outcome.FAILED;
    }

    private void charge(LoggedEntry logged) {
        SiteRun key = new SiteRun(logged.actorName(), logged.entry().getRunId());
        int charges = counts.merge(key, 1, Integer::sum);
        PrivacySpent.stated(logged, charges)
                .ifPresent(privacy -> highest.merge(
                        key,
                        new Stated(privacy, time(logged.entry())),
                        (before, now) ->
                                now.privacy().epsilonSpent() >= before.privacy().epsilonSpent() ? now : before));
    }

    private Spent summed(SiteRun of, Stated stated) {
        return new Spent(
                of.site(),
                of.runId(),
                counts.getOrDefault(of, 0),
                stated.privacy().epsilonSpent(),
                stated.privacy().delta(),
                stated.privacy().epsilonLeft(),
                stated.privacy().logIndex(),
                stated.at());
    }

    private static Instant time(LogEntry entry) {
        return Instant.ofEpochMilli(entry.getTimeUnixMs());
    }
}
