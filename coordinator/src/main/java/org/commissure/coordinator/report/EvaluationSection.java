package org.commissure.coordinator.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.commissure.protocol.evaluation.Estimate;
import org.commissure.protocol.evaluation.Interval;
import org.commissure.protocol.evaluation.RandomEffects;
import org.commissure.protocol.evaluation.ReconstructionMetrics;
import org.commissure.protocol.evaluation.SiteSpread;
import org.jspecify.annotations.Nullable;

/** The sealed evaluation as part of the report's page. */
final class EvaluationSection {
    private static final String NOT_AVAILABLE = "n/a";

    private EvaluationSection() {}

    /** Findings, forest plot, sites. */
    static String of(SealedEvaluation evaluation) {
        ReconstructionMetrics metrics = evaluation.metrics();
        StringBuilder html = new StringBuilder(format(
                "<p>The model after round %d, SHA-256 <code>%s</code>, on %d sealed external patients. Intervals are"
                        + " 95&#160;%%: percentiles of 2,000 Poisson bootstrap replicates over patients.</p>%n<ul>%n",
                evaluation.round(), Html.escape(evaluation.modelSha256()), metrics.patients()));
        evaluation.findings().forEach(finding -> html.append(sentence(finding)));
        html.append("</ul>\n").append(ForestPlot.of("fpt", "R² with 95 % intervals", "R²", forest(evaluation)));
        return html.append(sites(metrics.sites())).append(ratios(metrics)).toString();
    }

    private static String sentence(SealedEvaluation.Finding finding) {
        String difference = Numbers.withInterval(
                finding.difference().value(), finding.difference().interval());
        String against = Html.escape(finding.baseline());
        String told = switch (finding.verdict()) {
            case BETTER -> "<strong>Better</strong> than the " + against + ": R² differs by " + difference;
            case WORSE -> "<strong>Worse</strong> than the " + against + ": R² differs by " + difference;
            case NO_DIFFERENCE ->
                "<strong>Null result</strong>: no difference from the " + against + " is shown; R² differs by "
                        + difference;
            case UNKNOWN ->
                "<strong>Not known</strong> against the " + against + ": R² differs by " + difference
                        + ", without an interval";
        };
        return "<li>" + told + (finding.paired() ? "" : " (unpaired, so the interval is wider than need be)")
                + ".</li>\n";
    }

    private static List<ForestPlot.Row> forest(SealedEvaluation evaluation) {
        ReconstructionMetrics metrics = evaluation.metrics();
        List<ForestPlot.Row> rows = new ArrayList<>();
        rows.add(row("model, all patients", metrics.r2(), ForestPlot.Mark.POINT));
        rows.add(row("linear interpolation", metrics.r2Interpolation(), ForestPlot.Mark.BASELINE));
        rows.add(row("parcel mean", metrics.r2ParcelMean(), ForestPlot.Mark.BASELINE));
        Estimate alone = metrics.r2SingleSite();
        if (alone != null) {
            rows.add(row("models of sites alone", alone, ForestPlot.Mark.BASELINE));
        }
        Estimate untrained = evaluation.untrained();
        if (untrained != null) {
            rows.add(row("untrained model", untrained, ForestPlot.Mark.BASELINE));
        }
        for (SiteSpread.Bin bin : metrics.sites().histogram()) {
            rows.add(new ForestPlot.Row(
                    bin.sites() == 1 ? "1 site" : bin.sites() + " sites",
                    bin.low(),
                    new Interval(bin.low(), bin.high()),
                    ForestPlot.Mark.SITES,
                    format("%.2f to %.2f", bin.low(), bin.high())));
        }
        RandomEffects pooled = metrics.sites().pooled();
        if (pooled != null) {
            rows.add(ForestPlot.Row.of(
                    "sites, random effects", pooled.mean(), possible(pooled.interval()), ForestPlot.Mark.DIAMOND));
            Interval prediction = pooled.prediction();
            if (prediction != null) {
                rows.add(new ForestPlot.Row(
                        "a further site",
                        pooled.mean(),
                        possible(prediction),
                        ForestPlot.Mark.LINE,
                        format(
                                "[%.3f, %.3f]",
                                possible(prediction).low(), possible(prediction).high())));
            }
        }
        return rows;
    }

    /** Student's interval knows nothing of the bound of R². */
    private static Interval possible(Interval interval) {
        return new Interval(Math.min(interval.low(), 1), Math.min(interval.high(), 1));
    }

    private static ForestPlot.Row row(String label, Estimate estimate, ForestPlot.Mark mark) {
        return ForestPlot.Row.of(label, estimate.value(), estimate.interval(), mark);
    }

    private static String sites(SiteSpread sites) {
        StringBuilder html = new StringBuilder("<p>");
        Interval worst = sites.worst();
        if (worst == null) {
            html.append("No site has the ten external patients from which its score would count.");
        } else {
            html.append(format(
                    "%d sites told their score, sorted into bins so that none is named. The worst site's R² lies"
                            + " between %.2f and %.2f.",
                    sites.sites(), worst.low(), worst.high()));
        }
        if (sites.sitesWithoutScore() > 0) {
            html.append(format(
                    " %d sites told none: fewer than ten external patients, or values that do not vary.",
                    sites.sitesWithoutScore()));
        }
        RandomEffects pooled = sites.pooled();
        if (pooled != null) {
            html.append(format(
                    " Between sites: τ %.3f, I² %.0f&#160;%%, Q %.2f with %d degrees of freedom; the diamond is the"
                            + " inverse-variance mean with its DerSimonian–Laird interval, Student's with %d degrees.",
                    Math.sqrt(pooled.tauSquared()),
                    100 * pooled.iSquared(),
                    pooled.q(),
                    pooled.sites() - 1,
                    pooled.sites() - 1));
        }
        return html.append("</p>\n").toString();
    }

    private static String ratios(ReconstructionMetrics metrics) {
        StringBuilder html = new StringBuilder("""
                <div class="scroll"><table>
                <thead><tr><th scope="col">Mask ratio</th><th scope="col">R²</th><th scope="col">MSE</th>\
                <th scope="col">R² mean</th><th scope="col">R² interp.</th></tr></thead>
                <tbody>
                """);
        for (ReconstructionMetrics.Ratio ratio : metrics.byMaskRatio()) {
            html.append(format(
                    "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>%n",
                    ratio.maskRatio(),
                    Numbers.score(ratio.r2()),
                    Numbers.score(ratio.mse()),
                    Numbers.score(ratio.r2ParcelMean()),
                    Numbers.score(ratio.r2Interpolation())));
        }
        return html.append("</tbody></table></div>\n").toString();
    }

    /** The three columns that a reviewer asks for; what a federation cannot know is said. */
    static String comparison(SealedEvaluation.Comparison comparison) {
        Estimate difference = comparison.federatedOverSingleSite();
        String paired = difference == null
                ? ""
                : "<p>Federated less single-site, paired: R² differs by "
                        + Numbers.withInterval(difference.value(), difference.interval())
                        + ". Each external patient is scored by the released model and by the one that the patient's"
                        + " own site trained alone, for as many steps with the same settings and without noise.</p>\n";
        return paired + "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\" class=\"words\">Training</th>"
                + "<th scope=\"col\">Single site</th><th scope=\"col\">Federated</th><th scope=\"col\">Pooled</th></tr>"
                + "</thead>\n<tbody><tr><th scope=\"row\" class=\"words\">R²</th><td>"
                + column(comparison.singleSite())
                + "</td><td>" + Numbers.score(comparison.federated()) + "</td><td>"
                + column(comparison.pooled())
                + "</td></tr></tbody></table></div>\n<p class=\"null\">n/a: "
                + Html.escape(comparison.reason()) + ".</p>\n";
    }

    private static String column(@Nullable Double value) {
        return value == null ? NOT_AVAILABLE : Numbers.score(value);
    }

    static String subgroups(List<ReconstructionMetrics.Group> groups) {
        List<ForestPlot.Row> rows = new ArrayList<>();
        List<String> suppressed = new ArrayList<>();
        for (ReconstructionMetrics.Group group : groups) {
            Estimate mean = group.meanR2();
            if (mean == null) {
                suppressed.add(group.subgroup().label());
            } else {
                rows.add(row(
                        group.subgroup().label() + ", n " + Objects.requireNonNull(group.patients()),
                        mean,
                        ForestPlot.Mark.POINT));
            }
        }
        StringBuilder html = new StringBuilder();
        if (rows.isEmpty()) {
            html.append("<p>n/a: no subgroup has ten patients at any site that could report it, or no site knows"
                    + " any.</p>\n");
        } else {
            html.append(ForestPlot.of("sgt", "Mean of the patients' own R² by subgroup", "mean of patients' R²", rows));
        }
        if (!suppressed.isEmpty()) {
            html.append("<p>Not shown, since at every site they, or what remains beside them, are fewer than ten"
                            + " patients: ")
                    .append(Html.escape(String.join("; ", suppressed)))
                    .append(".</p>\n");
        }
        int leftOut = groups.stream()
                .mapToInt(ReconstructionMetrics.Group::sitesLeavingOut)
                .max()
                .orElse(0);
        if (leftOut > 0) {
            html.append("<p>Up to ")
                    .append(leftOut)
                    .append(leftOut == 1 ? " site leaves" : " sites leave")
                    .append(" a subgroup out, because it or what remains beside it has fewer than ten patients"
                            + " there.</p>\n");
        }
        return html.toString();
    }

    static String dropouts(List<SealedEvaluation.Dropout> dropouts) {
        if (dropouts.isEmpty()) {
            return "<p>None: every site is in every released sum of training.</p>\n";
        }
        StringBuilder html = new StringBuilder("<ul>\n");
        dropouts.forEach(dropout -> html.append(format(
                "<li>%s is missing from %d of %d released sums of training.</li>%n",
                Html.escape(dropout.site()), dropout.rounds(), dropout.of())));
        return html.append("</ul>\n").toString();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
