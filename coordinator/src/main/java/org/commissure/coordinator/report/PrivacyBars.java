package org.commissure.coordinator.report;

import java.util.Locale;
import java.util.Objects;
import org.commissure.coordinator.report.RunReport.PrivacySpent;
import org.jspecify.annotations.Nullable;

/** ε spent per site as inline SVG, with what is left of each site's budget as an outline. */
final class PrivacyBars {
    private static final int LEFT = 130;
    private static final int ROW = 30;
    private static final int BAR = 360;
    private static final int WIDTH = 720;

    private PrivacyBars() {}

    static String of(RunReport report) {
        double longest = report.sites().stream()
                .map(RunReport.Site::privacy)
                .filter(Objects::nonNull)
                .mapToDouble(PrivacyBars::total)
                .max()
                .orElse(0);
        int height = ROW * report.sites().size() + 6;
        StringBuilder svg = new StringBuilder(
                "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"ept epd\">\n"
                        .formatted(WIDTH, height));
        svg.append("<title id=\"ept\">ε spent by site</title>\n");
        svg.append("<desc id=\"epd\">Filled: spent. Outline: the site's budget. The table holds the numbers.</desc>\n");
        for (int row = 0; row < report.sites().size(); row++) {
            RunReport.Site site = report.sites().get(row);
            int y = row * ROW;
            svg.append("<text text-anchor=\"end\" x=\"%d\" y=\"%d\">%s</text>\n"
                    .formatted(LEFT - 10, y + 20, Html.escape(SurvivorGrid.shorten(site.name()))));
            PrivacySpent spent = site.privacy();
            double end = LEFT;
            if (spent != null && longest > 0) {
                end = LEFT + BAR * total(spent) / longest;
                rectangle(svg, "budget", y, end - LEFT);
                rectangle(svg, "spent", y, BAR * spent.epsilonSpent() / longest);
            }
            svg.append(String.format(
                    Locale.ROOT, "<text x=\"%.1f\" y=\"%d\">%s</text>\n", end + 8, y + 20, Html.escape(label(spent))));
        }
        return svg.append("</svg>\n").toString();
    }

    private static void rectangle(StringBuilder svg, String style, int y, double width) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"18\" rx=\"2\"/>\n",
                style,
                LEFT,
                y + 6,
                width));
    }

    private static double total(PrivacySpent spent) {
        Double left = spent.epsilonLeft();
        return spent.epsilonSpent() + (left == null ? 0 : left);
    }

    private static String label(@Nullable PrivacySpent spent) {
        if (spent == null) {
            return "n/a";
        }
        return "ε " + Numbers.epsilon(spent.epsilonSpent()) + " at δ " + Numbers.delta(spent.delta());
    }
}
