package org.commissure.coordinator.report;

import java.util.List;
import java.util.Locale;
import org.commissure.coordinator.round.RegionalScores;

/** A regional study's result as part of the report's page: scores with their intervals, fit, error of the noise. */
final class RegionalSection {
    private static final int WIDTH = 720;
    private static final int ROW = 34;
    private static final int LEFT = 150;
    private static final int RIGHT = 40;

    private RegionalSection() {}

    static String scores(RegionalResult result) {
        RegionalScores scores = result.scores();
        if (scores == null || scores.candidates().isEmpty()) {
            return "<p>n/a: no scores were released in this run.</p>\n";
        }
        StringBuilder html = new StringBuilder(chart(scores.candidates()));
        html.append("<p>Each site scored once against its own sealed external patients, ")
                .append(scores.patients())
                .append(" of ")
                .append(scores.sites())
                .append(" sites; means over sites, 95&nbsp;% intervals from resampling patients at each site.</p>\n");
        html.append("<div class=\"scroll\"><table>\n"
                        + "<thead><tr><th scope=\"col\">Candidate</th><th scope=\"col\">r</th>")
                .append("<th scope=\"col\">KS</th><th scope=\"col\">1 − r + KS</th>")
                .append("<th scope=\"col\">SD between sites</th></tr></thead>\n<tbody>\n");
        for (RegionalScores.Candidate candidate : scores.candidates()) {
            html.append("<tr><th scope=\"row\">")
                    .append(Html.escape(candidate.name()))
                    .append("</th><td>")
                    .append(interval(candidate.r()))
                    .append("</td><td>")
                    .append(interval(candidate.ks()))
                    .append("</td><td>")
                    .append(interval(candidate.total()))
                    .append("</td><td>")
                    .append(number(candidate.total().betweenSites()))
                    .append("</td></tr>\n");
        }
        return html.append("</tbody></table></div>\n").toString();
    }

    static String fit(RegionalResult result) {
        StringBuilder html = new StringBuilder(format(
                "<p>%d regions; statistics of %.1f training and %.1f validation patients of %d sites as published;"
                        + " method %s.</p>%n",
                result.regions(),
                result.trainingSubjects(),
                result.validationSubjects(),
                result.sites(),
                Html.escape(result.method())));
        if (!result.poorlyCovered().isEmpty()) {
            html.append("<p>Less than half covered by the sites' parcels, so little is known of them: ")
                    .append(Html.escape(String.join(", ", result.poorlyCovered())))
                    .append(".</p>\n");
        }
        html.append(format("<p>%s</p>%n", structure(result)));
        result.maps().forEach(map -> html.append(format("<p>%s</p>%n", map(map))));
        for (RegionalResult.Fit fit : result.fits()) {
            html.append(format(
                    "<p>%s: training r %.3f, KS %.3f; validation r %.3f, KS %.3f.</p>%n",
                    Html.escape(fit.name()), fit.trainingR(), fit.trainingKs(), fit.validationR(), fit.validationKs()));
        }
        RegionalResult.Refinement refinement = result.refinement();
        if (refinement != null) {
            html.append(format(
                    "<p>Refined at %d sites; a parameter differs between sites by %.1f %% of its mean.</p>%n",
                    refinement.sites(), 100 * refinement.meanVariation()));
        }
        return html.append(format("<p>Sums are exact to a resolution of %.1e.</p>%n", result.fixedPointResolution()))
                .toString();
    }

    /** One sentence. */
    static String structure(RegionalResult result) {
        RegionalResult.Structure structure = result.structure();
        if (structure == null) {
            return "Structural connectome: the study's own.";
        }
        return format(
                "Structural connectome: the sites' own, of %.1f patients as published; predicted noise of one entry of"
                        + " the mean %.4f; correlation with the study's %.3f.",
                structure.patients(), structure.edgeStandardDeviation(), structure.correlationWithStudy());
    }

    /** One sentence. */
    static String map(RegionalResult.CorticalMap map) {
        return format(
                "Map of %s: the sites' own, of %.1f patients as published; predicted noise of one region of the mean"
                        + " %.4f; correlation with the study's %.3f.",
                map.name(), map.patients(), map.regionStandardDeviation(), map.correlationWithStudy());
    }

    static String privacy(RegionalResult result) {
        RegionalResult.PrivacyError error = result.privacyError();
        if (error == null) {
            return "<p>The statistics carry no noise: the study runs without differential privacy.</p>\n";
        }
        return format(
                        "<p>Noise of one entry of the mean z: predicted %.4f; the released entries vary by %.4f, so"
                                + " correlations with them fall to %.3f of their value.</p>%n",
                        error.edgeStandardDeviation(), error.releasedStandardDeviation(), error.predictedAttenuation())
                + format(
                        "<p>Observed: Σz adds up to %.1f over all pairs, 0 without noise; the noise predicts a"
                                + " standard deviation of %.1f.</p>%n",
                        error.sumOverPairs(), error.predictedSumOverPairs())
                + format(
                        "<p>For comparison: %.0f patients under one release with ρ = ½ lower r from %.3f to about"
                                + " %.2f.</p>%n",
                        RegionalResult.PrivacyError.EXAMPLE_SUBJECTS,
                        RegionalResult.PrivacyError.EXAMPLE_R,
                        RegionalResult.PrivacyError.EXAMPLE_NOISED_R)
                + format("<p>Noise of one bin of the mean histogram: predicted %.4f.", error.binStandardDeviation())
                + (error.dynamicsUsable()
                        ? "</p>\n"
                        : " With so few patients KS says nothing about the dynamics; it needs about 1,000.</p>\n");
    }

    /** Totals as points with their intervals, one row for each candidate. */
    private static String chart(List<RegionalScores.Candidate> candidates) {
        double low = candidates.stream().mapToDouble(c -> c.total().low()).min().orElse(0);
        double high =
                candidates.stream().mapToDouble(c -> c.total().high()).max().orElse(1);
        double margin = Math.max(0.01, (high - low) * 0.1);
        int height = ROW * candidates.size() + 30;
        StringBuilder svg = new StringBuilder(format(
                "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"rt\">%n"
                        + "<title id=\"rt\">Total cost on the external cohorts, lower is better</title>%n",
                WIDTH, height));
        for (int i = 0; i < candidates.size(); i++) {
            RegionalScores.Score total = candidates.get(i).total();
            int y = ROW * i + ROW / 2;
            svg.append(format(
                    "<text class=\"model\" text-anchor=\"end\" x=\"%d\" y=\"%d\">%s</text>%n",
                    LEFT - 12, y + 4, Html.escape(candidates.get(i).name())));
            svg.append(format(
                    "<line class=\"zero\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n",
                    x(total.low(), low - margin, high + margin), x(total.high(), low - margin, high + margin), y, y));
            svg.append(format(
                    "<circle class=\"model\" cx=\"%.1f\" cy=\"%d\" r=\"4\"><title>%s</title></circle>%n",
                    x(total.mean(), low - margin, high + margin), y, interval(total)));
        }
        svg.append(format(
                "<text class=\"tick\" x=\"%d\" y=\"%d\">1 − r + KS: %.3f to %.3f</text>%n</svg>%n",
                LEFT, height - 8, low, high));
        return svg.toString();
    }

    private static double x(double value, double low, double high) {
        return LEFT + (WIDTH - LEFT - RIGHT) * (value - low) / (high - low);
    }

    static String interval(RegionalScores.Score score) {
        return format("%.3f [%.3f, %.3f]", score.mean(), score.low(), score.high());
    }

    private static String number(double value) {
        return format("%.3f", value);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
