package org.commissure.site.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.commissure.privacy.audit.Departure;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.privacy.audit.Openings;
import org.commissure.protocol.v1.Fact;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Exit 0: answered; 1: the log does not verify, so it answers nothing. */
@Command(
        name = "query",
        mixinStandardHelpOptions = true,
        description = {
            "Lists entries of a log, after verifying all of it. With --left: only what was computed",
            "from patients and left a hospital, with its purpose and the ε spent by then."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0: answered", "1: the log does not verify", "2: wrong usage", "3: no log there"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure audit query log --organisation NYU --month 2026-03 --left",
            "  commissure audit query log --action site --json",
            "  commissure audit query log --from 2026-03-01 --until 2026-03-08 --run run-1"
        })
final class AuditQueryCommand implements Callable<Integer> {
    @Mixin
    private AuditLog log = new AuditLog();

    @Mixin
    private AuditChoice choice = new AuditChoice();

    @Option(names = "--left", description = "Only what left a hospital, with purpose and ε.")
    private boolean left;

    @Option(
            names = "--openings",
            paramLabel = "DIR",
            description = "The folder that opens personal facts, where they were not erased.")
    private Optional<Path> openings = Optional.empty();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        AuditLog.Opened opened = log.open();
        if (!log.requireVerified(opened, json)) {
            return 1;
        }
        List<LoggedEntry> entries = choice.query().of(opened.entries());
        if (left) {
            List<Departure> departures = Departure.of(entries, opened.entries());
            log.print(json ? AuditText.pretty(departuresAsJson(departures)) : departuresAsText(departures));
        } else {
            Optional<Openings> opening = openings.map(Openings::new);
            log.print(json ? AuditText.pretty(entriesAsJson(entries, opening)) : entriesAsText(entries, opening));
        }
        return 0;
    }

    private static String entriesAsText(List<LoggedEntry> entries, Optional<Openings> openings) {
        return entries.stream()
                        .map(logged -> line(logged, openings))
                        .collect(Collectors.joining("\n", "", entries.isEmpty() ? "" : "\n"))
                + entries.size() + " entries";
    }

    private static String line(LoggedEntry logged, Optional<Openings> openings) {
        var entry = logged.entry();
        StringBuilder text = new StringBuilder("%6d  %s  %-12s %-22s %s"
                .formatted(
                        logged.index(),
                        AuditText.time(logged),
                        logged.actorName(),
                        entry.getAction(),
                        entry.getOutcome().name().toLowerCase(Locale.ROOT)));
        if (!entry.getRunId().isEmpty()) {
            text.append("  ").append(entry.getRunId()).append(" round ").append(entry.getRound());
        }
        if (!entry.getDetail().isEmpty()) {
            text.append("  ").append(entry.getDetail());
        }
        for (Fact fact : entry.getFactList()) {
            String value = openings.flatMap(all -> all.open(fact.getName(), fact.getValue()))
                    .orElse(fact.getValue());
            text.append("\n          ").append(fact.getName()).append(" = ").append(value);
        }
        return text.toString();
    }

    private static ObjectNode entriesAsJson(List<LoggedEntry> entries, Optional<Openings> openings) {
        ObjectNode object = AuditText.JSON.createObjectNode().put("count", entries.size());
        ArrayNode each = object.putArray("entries");
        entries.forEach(entry -> each.add(AuditText.asJson(entry, openings)));
        return object;
    }

    private static String departuresAsText(List<Departure> departures) {
        StringBuilder text = new StringBuilder();
        for (Departure departure : departures) {
            text.append("%s  %-8s %s round %d  %-10s %9d bytes, %s, %s%n"
                    .formatted(
                            departure.time(),
                            departure.organisation(),
                            departure.masked().entry().getRunId(),
                            departure.masked().entry().getRound(),
                            departure.sum(),
                            departure.bytes(),
                            departure.privacy(),
                            epsilon(departure)));
            text.append("          purpose: ").append(departure.purpose().orElse("not in the log"));
            text.append("; legal basis: ").append(departure.legalBasis().orElse("not in the log"));
            text.append("; fields: ").append(departure.fields().orElse("not in the log"));
            text.append("; ")
                    .append(fate(departure))
                    .append("; entry ")
                    .append(departure.masked().index());
            text.append('\n');
        }
        return text.append(departures.size()).append(" masked vectors left").toString();
    }

    private static String epsilon(Departure departure) {
        return departure
                .epsilon()
                .map(epsilon -> "ε spent %.4f%s%s"
                        .formatted(
                                epsilon.spent(),
                                epsilon.left()
                                        .map(rest -> ", left %.4f".formatted(rest))
                                        .orElse(""),
                                epsilon.delta().map(delta -> " at δ " + delta).orElse("")))
                .orElse("no ε charged");
    }

    private static String fate(Departure departure) {
        return departure
                .receipt()
                .map(receipt -> "one of " + receipt.survivors().size() + " in a released sum")
                .orElse("in no released sum");
    }

    private static ObjectNode departuresAsJson(List<Departure> departures) {
        ObjectNode object = AuditText.JSON.createObjectNode().put("count", departures.size());
        ArrayNode each = object.putArray("left");
        for (Departure departure : departures) {
            ObjectNode one = each.addObject()
                    .put("index", departure.masked().index())
                    .put("time", departure.time().toString())
                    .put("organisation", departure.organisation())
                    .put("run", departure.masked().entry().getRunId())
                    .put("round", departure.masked().entry().getRound())
                    .put("attempt", departure.masked().entry().getAttempt())
                    .put("sum", departure.sum())
                    .put("bytes", departure.bytes())
                    .put("sha256", departure.sha256())
                    .put("privacy", departure.privacy())
                    .put("purpose", departure.purpose().orElse(null))
                    .put("legal_basis", departure.legalBasis().orElse(null))
                    .put("fields", departure.fields().orElse(null));
            departure
                    .epsilon()
                    .ifPresent(epsilon -> one.put("epsilon_spent", epsilon.spent())
                            .put("epsilon_left", epsilon.left().orElse(null))
                            .put("delta", epsilon.delta().orElse(null)));
            one.put(
                    "one_of",
                    departure
                            .receipt()
                            .map(receipt -> receipt.survivors().size())
                            .orElse(0));
        }
        return object;
    }
}
