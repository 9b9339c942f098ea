package org.commissure.site.cli;

import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.commissure.privacy.audit.Departure;
import org.commissure.privacy.audit.LogVerification;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.protocol.v1.Outcome;

/** The page of {@code audit report}: no script, no picture, nothing from elsewhere; prints on A4. */
final class AuditPage {
    private static final String STYLE = """
            body { font: 10pt/1.4 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }
            table { border-collapse: collapse; width: 100%; margin: 1em 0 }
            th, td { text-align: left; vertical-align: top; padding: .2em .6em .2em 0; border-bottom: 1px solid #ccc }
            td { overflow-wrap: anywhere }
            .bad { color: #a00; font-weight: bold }
            @page { size: A4; margin: 15mm }
            tr { break-inside: avoid }
            """;

    private final String title;
    private final AuditLog.Opened opened;
    private final List<LoggedEntry> wanted;
    private final StringWriter page = new StringWriter();

    /** @param wanted the entries to list, out of all that were opened */
    AuditPage(String title, AuditLog.Opened opened, List<LoggedEntry> wanted) {
        this.title = title;
        this.opened = opened;
        this.wanted = wanted;
    }

    String html() {
        try {
            XMLStreamWriter out = XMLOutputFactory.newInstance().createXMLStreamWriter(page);
            out.writeDTD("<!DOCTYPE html>\n");
            out.writeStartElement("html");
            out.writeAttribute("lang", "en");
            out.writeStartElement("head");
            out.writeEmptyElement("meta");
            out.writeAttribute("charset", "utf-8");
            element(out, "title", title);
            element(out, "style", STYLE);
            out.writeEndElement();
            out.writeStartElement("body");
            element(out, "h1", title);
            verification(out, opened.verification());
            departures(out);
            entries(
                    out,
                    "Refusals and aborts",
                    wanted.stream()
                            .filter(logged -> logged.entry().getOutcome() != Outcome.DONE)
                            .toList());
            entries(out, "All entries asked for", wanted);
            element(out, "p", "Research use, not for clinical decisions.");
            out.writeEndElement();
            out.writeEndElement();
            out.close();
            return page.append('\n').toString();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a page in memory", e);
        }
    }

    private static void verification(XMLStreamWriter out, LogVerification found) throws XMLStreamException {
        element(out, "h2", "The log");
        if (!found.ok()) {
            out.writeStartElement("p");
            out.writeAttribute("class", "bad");
            out.writeCharacters("The log does not verify; no entry of it is quoted. ");
            out.writeCharacters(AuditText.notVerified(found));
            out.writeEndElement();
        }
        table(
                out,
                List.of("", ""),
                List.of(
                        List.of("Name", found.origin()),
                        List.of("Entries", Long.toString(found.size())),
                        List.of(
                                "Verified",
                                found.ok() ? "yes: all signed, in order and under the signed checkpoint" : "NO"),
                        List.of("Root", found.rootHex()),
                        List.of("Log key", found.verifierKey()),
                        List.of("Authority (SHA-256)", found.authoritySha256()),
                        List.of(
                                "Witnesses",
                                found.cosignatures().stream()
                                        .map(one -> one.witness() + " saw " + one.size() + " entries at " + one.time())
                                        .collect(Collectors.joining("; ")))));
    }

    private void departures(XMLStreamWriter out) throws XMLStreamException {
        List<Departure> departures = Departure.of(wanted, opened.entries());
        element(out, "h2", "What left, for what purpose, at which ε");
        element(
                out,
                "p",
                departures.size() + " masked vectors. A masked vector looks random; only the sum over all surviving"
                        + " sites can be opened. ε is what the site had spent in all after it.");
        table(
                out,
                List.of(
                        "Time (UTC)",
                        "Site",
                        "Run, round",
                        "Sum",
                        "Bytes",
                        "Privacy",
                        "ε spent",
                        "ε left",
                        "δ",
                        "Purpose and legal basis",
                        "One of",
                        "Entry"),
                departures.stream().map(AuditPage::row).toList());
    }

    private static List<String> row(Departure departure) {
        return List.of(
                departure.time().toString(),
                departure.organisation(),
                departure.masked().entry().getRunId() + ", "
                        + departure.masked().entry().getRound(),
                departure.sum(),
                Long.toString(departure.bytes()),
                departure.privacy(),
                departure
                        .epsilon()
                        .map(epsilon -> "%.4f".formatted(epsilon.spent()))
                        .orElse("none"),
                departure
                        .epsilon()
                        .flatMap(Departure.Epsilon::left)
                        .map("%.4f"::formatted)
                        .orElse(""),
                departure
                        .epsilon()
                        .flatMap(Departure.Epsilon::delta)
                        .map(delta -> Double.toString(delta))
                        .orElse(""),
                departure.purpose().orElse("not in the log")
                        + departure.legalBasis().map(basis -> "; " + basis).orElse(""),
                departure
                        .receipt()
                        .map(receipt -> Integer.toString(receipt.survivors().size()))
                        .orElse("no released sum"),
                Long.toString(departure.masked().index()));
    }

    private static void entries(XMLStreamWriter out, String heading, List<LoggedEntry> entries)
            throws XMLStreamException {
        element(out, "h2", heading);
        table(
                out,
                List.of("Entry", "Time (UTC)", "By", "Action", "Outcome", "Run", "Facts"),
                entries.stream().map(AuditPage::row).toList());
    }

    private static List<String> row(LoggedEntry logged) {
        var entry = logged.entry();
        String facts = entry.getFactList().stream()
                .map(fact -> fact.getName() + " = " + fact.getValue())
                .collect(Collectors.joining("; "));
        return List.of(
                Long.toString(logged.index()),
                AuditText.time(logged).toString(),
                logged.actorName(),
                entry.getAction(),
                entry.getOutcome().name().toLowerCase(Locale.ROOT),
                entry.getRunId().isEmpty() ? "" : entry.getRunId() + ", round " + entry.getRound(),
                entry.getDetail().isEmpty() ? facts : entry.getDetail() + (facts.isEmpty() ? "" : "; " + facts));
    }

    private static void table(XMLStreamWriter out, List<String> head, List<List<String>> rows)
            throws XMLStreamException {
        out.writeStartElement("table");
        row(out, "th", head);
        for (List<String> row : rows) {
            row(out, "td", row);
        }
        out.writeEndElement();
    }

    private static void row(XMLStreamWriter out, String cell, List<String> cells) throws XMLStreamException {
        out.writeStartElement("tr");
        for (String text : cells) {
            element(out, cell, text);
        }
        out.writeEndElement();
    }

    private static void element(XMLStreamWriter out, String name, String text) throws XMLStreamException {
        out.writeStartElement(name);
        out.writeCharacters(text.replaceAll("\\p{Cntrl}", " "));
        out.writeEndElement();
    }
}
