package org.commissure.coordinator.report;

import java.util.List;
import org.commissure.coordinator.round.RoundOutcome;

/** Sites × training rounds as inline SVG: whose update is in which released sum. */
final class SurvivorGrid {
    private static final int LEFT = 130;
    private static final int ROW = 26;
    private static final int TOP = 26;
    private static final int WIDEST = 30;
    private static final int PLOT = 590;

    private SurvivorGrid() {}

    static String of(RunReport report) {
        List<RunReport.Round> rounds = report.rounds().stream()
                .filter(round -> round.outcome() != RoundOutcome.INITIAL)
                .toList();
        if (rounds.isEmpty()) {
            return "<p>n/a: no training round ended in this run.</p>\n";
        }
        int column = Math.clamp(PLOT / rounds.size(), 6, WIDEST);
        int width = LEFT + column * rounds.size() + 10;
        int height = TOP + ROW * report.sites().size() + 6;
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<div class=\"scroll\"><svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"svt svd\">\n"
                        .formatted(width, height, width, height));
        svg.append("<title id=\"svt\">Survivors by round</title>\n");
        svg.append("<desc id=\"svd\">A filled cell: the site's update is in the released sum. ");
        svg.append("A hollow one: it is not. A struck one: the round was aborted.</desc>\n");
        int every = Math.max(1, (24 + column - 1) / column);
        for (int index = 0; index < rounds.size(); index += every) {
            svg.append("<text class=\"tick\" text-anchor=\"middle\" x=\"%d\" y=\"18\">%d</text>\n"
                    .formatted(
                            LEFT + index * column + column / 2,
                            rounds.get(index).round()));
        }
        for (int row = 0; row < report.sites().size(); row++) {
            String site = report.sites().get(row).name();
            int y = TOP + row * ROW;
            svg.append("<text text-anchor=\"end\" x=\"%d\" y=\"%d\">%s</text>\n"
                    .formatted(LEFT - 10, y + 17, Html.escape(shorten(site))));
            for (int index = 0; index < rounds.size(); index++) {
                cell(svg, rounds.get(index), site, LEFT + index * column, y, column);
            }
        }
        return svg.append("</svg></div>\n").toString();
    }

    private static void cell(StringBuilder svg, RunReport.Round round, String site, int x, int y, int column) {
        boolean aborted = round.outcome() == RoundOutcome.ABORTED;
        boolean survived = !aborted && round.survivors().contains(site);
        String state = aborted ? "round aborted" : survived ? "in the sum" : "not in the sum";
        int size = Math.min(column, ROW) - 3;
        svg.append(
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\"><title>%s, round %d: %s</title></rect>\n"
                        .formatted(
                                survived ? "in" : "out",
                                x + 1,
                                y + 2,
                                size,
                                ROW - 6,
                                Html.escape(site),
                                round.round(),
                                state));
        if (aborted) {
            svg.append("<line class=\"strike\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n"
                    .formatted(x + 1, y + ROW - 4, x + 1 + size, y + 2));
        }
    }

    static String shorten(String name) {
        return name.length() > 16 ? name.substring(0, 15) + "…" : name;
    }
}
