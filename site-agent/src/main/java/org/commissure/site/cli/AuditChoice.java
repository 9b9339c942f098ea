package org.commissure.site.cli;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.privacy.audit.LogQuery;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Option;

/** Which entries: the same options for {@code audit query}, {@code report} and {@code bundle}. */
final class AuditChoice {
    @Option(
            names = "--organisation",
            paramLabel = "NAME",
            description = "Only what this site or the coordinator did, or what was done to it.")
    private Optional<String> organisation = Optional.empty();

    @Option(
            names = "--action",
            paramLabel = "NAME",
            description = "Only this action, such as privacy.charged, or a kind of action, such as site.")
    private Optional<String> action = Optional.empty();

    @Option(names = "--run", paramLabel = "ID", description = "Only this run.")
    private Optional<String> run = Optional.empty();

    @Option(names = "--month", paramLabel = "YYYY-MM", description = "Only this month, in UTC.")
    private Optional<String> month = Optional.empty();

    @Option(names = "--from", paramLabel = "TIME", description = "From this date or time on, in UTC.")
    private Optional<String> from = Optional.empty();

    @Option(names = "--until", paramLabel = "TIME", description = "Until this date or time, which is not in it.")
    private Optional<String> until = Optional.empty();

    /** @throws UserError if a time cannot be read */
    LogQuery query() {
        if (month.isPresent() && (from.isPresent() || until.isPresent())) {
            throw new UserError("--month was given together with --from or --until", "give one of them");
        }
        Optional<YearMonth> whole = month.map(AuditChoice::month);
        return new LogQuery(
                organisation,
                action,
                run,
                from.map(AuditChoice::time).or(() -> whole.map(first -> start(first.atDay(1)))),
                until.map(AuditChoice::time)
                        .or(() -> whole.map(first -> start(first.plusMonths(1).atDay(1)))));
    }

    /** What a page about the chosen entries is called. */
    String title() {
        List<String> parts = new ArrayList<>(List.of("Audit report"));
        organisation.ifPresent(parts::add);
        action.ifPresent(parts::add);
        run.ifPresent(parts::add);
        month.ifPresent(parts::add);
        from.ifPresent(time -> parts.add("from " + time));
        until.ifPresent(time -> parts.add("until " + time));
        return String.join(", ", parts);
    }

    private static YearMonth month(String text) {
        try {
            return YearMonth.parse(text);
        } catch (DateTimeParseException e) {
            throw new UserError("'" + text + "' is no month", "write it as 2026-03", e);
        }
    }

    private static Instant time(String text) {
        try {
            return text.contains("T") ? Instant.parse(text) : start(LocalDate.parse(text));
        } catch (DateTimeParseException e) {
            throw new UserError("'" + text + "' is no time", "write 2026-03-01, or 2026-03-01T12:00:00Z", e);
        }
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
