package org.commissure.site.cli;

import java.util.Map;
import org.commissure.site.cohort.Admission;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.Note;
import org.commissure.site.cohort.Rejection;

/** {@code cohort check} as a page to print: nothing in it is fetched from anywhere. */
final class CohortPage {
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Admission to the cohort</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em; color: #1b1f24 }
            table { border-collapse: collapse; width: 100%; margin: 1em 0 }
            th, td { text-align: left; vertical-align: top; padding: .3em .6em; border-bottom: 1px solid #d5dae0 }
            th { border-bottom: 2px solid #57606a } code { font-size: .92em; overflow-wrap: anywhere }
            .count { font-size: 1.6em; font-weight: 600 } @media print { body { margin: 0; font-size: 11px } }
            </style></head><body>
            <h1>Admission to the cohort</h1>
            <p>This page names participants. It stays in the hospital.</p>
            """;

    private final StringBuilder page = new StringBuilder(HEAD);

    private CohortPage() {}

    static String html(CohortCheck check) {
        CohortPage page = new CohortPage();
        check.sites().forEach(page::site);
        page.rules(check.rules());
        return page.page.append("</body></html>\n").toString();
    }

    private void site(Admission site) {
        page.append("<h2>").append(escape(site.folder().toString())).append("</h2>\n<p><span class=\"count\">");
        page.append(site.admitted().size()).append("</span> admitted, <span class=\"count\">");
        page.append(site.rejected().size()).append("</span> rejected; read as ");
        page.append(escape(site.variant().toString())).append("</p>\n");
        if (!site.rejected().isEmpty()) {
            table("Reason", "Participants");
            for (Map.Entry<String, Integer> reason : site.byReason().entrySet()) {
                row(reason.getKey(), String.valueOf(reason.getValue()));
            }
            page.append("</table>\n");
            table("Participant", "File", "Reason", "What is wrong", "What to do");
            for (Rejection rejection : site.rejected()) {
                row(
                        rejection.participantId(),
                        rejection.file(),
                        rejection.reason().code(),
                        rejection.message(),
                        rejection.fix());
            }
            page.append("</table>\n");
        }
        if (!site.notes().isEmpty()) {
            table("Admitted participant", "File", "Note");
            for (Note note : site.notes()) {
                row(note.participantId(), note.file(), note.text());
            }
            page.append("</table>\n");
        }
    }

    private void rules(CohortRules rules) {
        page.append("<h2>Rules</h2>\n<p>")
                .append(escape(CohortCheck.text(rules)))
                .append("</p>\n");
    }

    private void table(String... columns) {
        page.append("<table><tr>");
        for (String column : columns) {
            page.append("<th>").append(escape(column)).append("</th>");
        }
        page.append("</tr>\n");
    }

    private void row(String... cells) {
        page.append("<tr>");
        for (String cell : cells) {
            page.append("<td>").append(escape(cell)).append("</td>");
        }
        page.append("</tr>\n");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
