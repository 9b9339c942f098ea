package org.commissure.site.cli;

import java.util.Map;
import org.commissure.site.cohort.Admission;
import org.commissure.site.cohort.CohortCheck;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.Note;
import org.commissure.site.cohort.Rejection;
import org.commissure.site.page.Html;

/** {@code cohort check} as a page to print: nothing in it is fetched from anywhere. */
final class CohortPage {
    private static final String HEAD =
            Html.head("Admission to the cohort") + "<p>This page names participants. It stays in the hospital.</p>\n";

    private final StringBuilder page = new StringBuilder(HEAD);

    private CohortPage() {}

    static String html(CohortCheck check) {
        CohortPage page = new CohortPage();
        check.sites().forEach(page::site);
        page.rules(check.rules());
        return page.page.append("</body></html>\n").toString();
    }

    private void site(Admission site) {
        page.append("<h2>").append(Html.escape(site.folder().toString())).append("</h2>\n<p><span class=\"count\">");
        page.append(site.admitted().size()).append("</span> admitted, <span class=\"count\">");
        page.append(site.rejected().size()).append("</span> rejected; read as ");
        page.append(Html.escape(site.variant().toString())).append("</p>\n");
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
                .append(Html.escape(CohortCheck.text(rules)))
                .append("</p>\n");
    }

    private void table(String... columns) {
        page.append("<table><tr>");
        for (String column : columns) {
            page.append("<th>").append(Html.escape(column)).append("</th>");
        }
        page.append("</tr>\n");
    }

    private void row(String... cells) {
        page.append("<tr>");
        for (String cell : cells) {
            page.append("<td>").append(Html.escape(cell)).append("</td>");
        }
        page.append("</tr>\n");
    }
}
