package org.commissure.coordinator.report;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * From each hospital's cohort to the evaluation, as inline SVG. Only what a site itself published is in it: its cohort's
 * noised size, the external patients over all sites together.
 */
final class FlowDiagram {
    private static final int WIDTH = 720;
    private static final int ROW = 34;
    private static final int BOX = 250;
    private static final int RIGHT_BOX = 270;

    private FlowDiagram() {}

    static String of(RunReport report, SealedEvaluation evaluation) {
        List<RunReport.Site> sites = report.sites();
        int height = Math.max(ROW * sites.size(), 3 * ROW) + 8;
        int middle = height / 2;
        List<String> scored = report.rounds().stream()
                .filter(round -> round.round() == evaluation.round())
                .map(RunReport.Round::evaluationSum)
                .filter(Objects::nonNull)
                .flatMap(sum -> sum.sites().stream())
                .toList();
        StringBuilder svg = new StringBuilder(format(
                "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"flt\">%n"
                        + "<title id=\"flt\">Patients from admission to evaluation</title>%n",
                WIDTH, height));
        for (int i = 0; i < sites.size(); i++) {
            int y = 4 + ROW * i;
            svg.append(format(
                    "<rect class=\"out\" x=\"1\" y=\"%d\" width=\"%d\" height=\"26\" rx=\"3\"/>"
                            + "<text x=\"10\" y=\"%d\">%s</text>%n",
                    y, BOX, y + 18, Html.escape(label(sites.get(i)))));
            if (scored.contains(sites.get(i).name())) {
                svg.append(
                        format("<path class=\"flow\" d=\"M%d %dL%d %d\"/>%n", BOX, y + 13, WIDTH - RIGHT_BOX, middle));
            }
        }
        svg.append(format(
                "<rect class=\"budget\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"58\" rx=\"3\"/>"
                        + "<text class=\"model\" x=\"%d\" y=\"%d\">%d sealed external patients</text>"
                        + "<text x=\"%d\" y=\"%d\">of %d sites, scored in round %d</text>%n",
                WIDTH - RIGHT_BOX,
                middle - 29,
                RIGHT_BOX - 2,
                WIDTH - RIGHT_BOX + 12,
                middle - 6,
                evaluation.metrics().patients(),
                WIDTH - RIGHT_BOX + 12,
                middle + 16,
                evaluation.metrics().sites().sites()
                        + evaluation.metrics().sites().sitesWithoutScore(),
                evaluation.round()));
        return svg.append("</svg>\n").toString();
    }

    private static String label(RunReport.Site site) {
        String patients = site.sealedPatients();
        return SurvivorGrid.shorten(site.name()) + ": "
                + (patients == null ? "size not published" : patients + " admitted");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
