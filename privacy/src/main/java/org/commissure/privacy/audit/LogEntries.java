package org.commissure.privacy.audit;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.commissure.protocol.v1.Fact;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;

/**
 * Builds log entries in the one form that is logged: facts sorted by name, no name twice. Nothing in
 * an entry may be personal data, because entries are never erased: {@link #personal} commits to it. Not thread-safe.
 */
public final class LogEntries {
    /** Longer details are cut, so that no error text can make an entry too large to log. */
    static final int MAXIMUM_DETAIL_CHARS = 4_000;

    private final LogEntry.Builder entry;
    private final Map<String, String> facts = new TreeMap<>();

    private LogEntries(LogEntry.Builder entry) {
        this.entry = entry;
    }

    /**
     * @param action one of {@link Actions}
     * @param time when it happened; kept to the millisecond
     */
    public static LogEntries of(String action, Outcome outcome, Instant time) {
        return new LogEntries(
                LogEntry.newBuilder().setAction(action).setOutcome(outcome).setTimeUnixMs(time.toEpochMilli()));
    }

    /** @param name as in the signer's certificate: a site, or {@code "coordinator"} */
    public LogEntries actor(String name) {
        entry.setActor(name);
        return this;
    }

    public LogEntries run(String runId) {
        entry.setRunId(runId);
        return this;
    }

    public LogEntries round(int round) {
        entry.setRound(round);
        return this;
    }

    public LogEntries attempt(int attempt) {
        entry.setAttempt(attempt);
        return this;
    }

    public LogEntries phase(String phase) {
        entry.setPhase(phase);
        return this;
    }

    /** What happened, for a reader. */
    public LogEntries detail(String text) {
        entry.setDetail(text.length() <= MAXIMUM_DETAIL_CHARS ? text : text.substring(0, MAXIMUM_DETAIL_CHARS) + "…");
        return this;
    }

    /** @throws IllegalArgumentException if {@code name} was given before */
    public LogEntries fact(String name, String value) {
        if (facts.putIfAbsent(name, value) != null) {
            throw new IllegalArgumentException("the fact '" + name + "' is stated twice");
        }
        return this;
    }

    public LogEntries fact(String name, long value) {
        return fact(name, Long.toString(value));
    }

    /**
     * States something about a person by a salted hash only: {@code openings} keeps what it stands for,
     * until it is erased there, and the entry stays as it is.
     *
     * @throws org.commissure.protocol.UserError if the opening cannot be stored
     */
    public LogEntries personal(String name, String value, Openings openings) {
        return fact(name, openings.commit(name, value));
    }

    /** Written as {@link Double#toString(double)} does, which reads back exactly. */
    public LogEntries fact(String name, double value) {
        return fact(name, Double.toString(value));
    }

    /** @throws IllegalStateException if no actor was named */
    public LogEntry build() {
        if (entry.getActor().isEmpty()) {
            throw new IllegalStateException("the entry " + entry.getAction() + " names no actor");
        }
        LogEntry.Builder complete = entry.clone();
        facts.forEach((name, value) ->
                complete.addFact(Fact.newBuilder().setName(name).setValue(value)));
        return complete.build();
    }
}
