package org.commissure.site.science;

import java.util.List;
import java.util.stream.Collectors;
import org.commissure.site.page.Html;

/** A table as a page to print, with its plot. */
final class ScorePage {
    private ScorePage() {}

    static String html(ScoreTable table, String run) {
        StringBuilder page = new StringBuilder(Html.head(table.title()));
        page.append("<p>").append(Html.escape(run)).append("</p>\n");
        page.append(ForestPlot.svg(table)).append("<table>\n");
        row(page, "th", ScoreText.header(table));
        table.rows().forEach(row -> row(page, "td", ScoreText.cells(row)));
        page.append("</table>\n");
        table.findings()
                .forEach(finding ->
                        page.append("<p>").append(Html.escape(finding)).append("</p>\n"));
        page.append("<h2>Differences in design, and limits</h2>\n<ul>\n");
        table.differences()
                .forEach(difference ->
                        page.append("<li>").append(Html.escape(difference)).append("</li>\n"));
        return page.append("</ul>\n<p>Research use, not for clinical decisions.</p>\n</body></html>\n")
                .toString();
    }

    private static void row(StringBuilder page, String tag, List<String> cells) {
        page.append(cells.stream()
                .map(cell -> "<" + tag + ">" + Html.escape(cell) + "</" + tag + ">")
                .collect(Collectors.joining("", "<tr>", "</tr>\n")));
    }
}
