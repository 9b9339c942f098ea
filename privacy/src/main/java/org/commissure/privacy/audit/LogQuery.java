package org.commissure.privacy.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.commissure.protocol.v1.LogEntry;

/**
 * Which entries somebody asks for; what is empty does not narrow the choice.
 *
 * @param organisation a site or the coordinator: entries that it signed, and those that the coordinator
 *     wrote about it
 * @param action one of {@link Actions}, or its part before the dot
 * @param from the first moment
 * @param until the first moment after
 */
public record LogQuery(
        Optional<String> organisation,
        Optional<String> action,
        Optional<String> run,
        Optional<Instant> from,
        Optional<Instant> until) {

    /** The entries asked for, in the log's order. */
    public List<LoggedEntry> of(List<LoggedEntry> entries) {
        return entries.stream().filter(this::matches).toList();
    }

    private boolean matches(LoggedEntry logged) {
        LogEntry entry = logged.entry();
        Instant time = Instant.ofEpochMilli(entry.getTimeUnixMs());
        return organisation.filter(name -> !concerns(logged, name)).isEmpty()
                && action.filter(name -> !isOf(entry.getAction(), name)).isEmpty()
                && run.filter(id -> !id.equals(entry.getRunId())).isEmpty()
                && from.filter(time::isBefore).isEmpty()
                && until.filter(end -> !time.isBefore(end)).isEmpty();
    }

    private static boolean concerns(LoggedEntry logged, String organisation) {
        return logged.actorName().equals(organisation)
                || Facts.text(logged.entry(), "site")
                        .filter(organisation::equals)
                        .isPresent();
    }

    private static boolean isOf(String action, String wanted) {
        return action.equals(wanted) || action.startsWith(wanted + ".");
    }
}
