package org.commissure.coordinator.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.commissure.coordinator.round.PhenotypeResult;
import org.commissure.protocol.evaluation.ClassesMetrics;
import org.commissure.protocol.evaluation.ClassificationMetrics;
import org.commissure.protocol.evaluation.Estimate;
import org.commissure.protocol.evaluation.PredictionMetrics;
import org.commissure.protocol.evaluation.RegressionMetrics;
import org.jspecify.annotations.Nullable;

/** A phenotype's result for the page, the card and the terminal: every model in one table, baselines beside. */
final class PhenotypeSection {
    private static final String NOT_AVAILABLE = "n/a";

    private PhenotypeSection() {}

    /** Header first. */
    static List<List<String>> table(PhenotypeReport report) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(header(report));
        for (PhenotypeResult.Score score : report.scores()) {
            List<String> row = new ArrayList<>(List.of(score.model()));
            row.addAll(numbers(score.metrics()));
            rows.add(row);
        }
        return rows;
    }

    private static List<String> header(PhenotypeReport report) {
        if (report.classes().size() > 2) {
            return List.of("model", "macro AUC", "accuracy", "balanced accuracy", "macro AUC of sites");
        }
        return report.type().equals("classification")
                ? List.of("model", "AUC", "AUC within sites", "balanced accuracy", "Brier", "AUC of sites")
                : List.of("model", "R²", "MAE", "RMSE", "r", "R² of sites");
    }

    private static List<String> numbers(PredictionMetrics metrics) {
        List<String> numbers = new ArrayList<>();
        switch (metrics) {
            case ClassificationMetrics two -> {
                numbers.add(estimate(two.auc()));
                Double within = two.aucWithinSites();
                numbers.add(within == null ? NOT_AVAILABLE : format("%.3f", within));
                numbers.add(estimate(two.balancedAccuracy()));
                numbers.add(estimate(two.brier()));
            }
            case ClassesMetrics several -> {
                numbers.add(estimate(several.macroAuc()));
                numbers.add(estimate(several.accuracy()));
                numbers.add(estimate(several.balancedAccuracy()));
            }
            case RegressionMetrics numeric -> {
                numbers.add(estimate(numeric.r2()));
                numbers.add(estimate(numeric.mae()));
                numbers.add(estimate(numeric.rmse()));
                numbers.add(estimate(numeric.pearson()));
            }
        }
        var worst = metrics.sites().worst();
        numbers.add(worst == null ? NOT_AVAILABLE : format("worst in %.3f to %.3f", worst.low(), worst.high()));
        return numbers;
    }

    static String estimate(@Nullable Estimate estimate) {
        if (estimate == null) {
            return NOT_AVAILABLE;
        }
        var interval = estimate.interval();
        return interval == null
                ? format("%.3f", estimate.value())
                : format("%.3f [%.3f, %.3f]", estimate.value(), interval.low(), interval.high());
    }

    static String scores(PhenotypeReport report) {
        if (report.scores().isEmpty()) {
            return "<p>n/a: no scores were released in this run.</p>\n";
        }
        StringBuilder html = new StringBuilder(format(
                "<p>%s of <code>%s</code> on %d sealed external patients of %d sites, each site scored once; 95&nbsp;%%"
                        + " intervals.</p>%n",
                report.type().equals("classification") ? "Classification" : "Regression",
                Html.escape(report.target()),
                report.scores().getFirst().metrics().patients(),
                report.sites()));
        FineTuneReport tuned = report.fineTuned();
        if (tuned != null) {
            return html.append(html(table(report)))
                    .append("<p>fine-tuned: the encoder's head after round ")
                    .append(tuned.round())
                    .append(". mean: the same answer for everybody, trained in the same rounds. ")
                    .append(Html.escape(tuned.baselines().words()))
                    .append("</p>\n")
                    .append(byRound(report, tuned))
                    .append(
                            report.scores().getFirst().metrics() instanceof ClassesMetrics several
                                    ? againstRest(report, several)
                                    : "")
                    .append(ReliabilityPlot.of(report))
                    .toString();
        }
        html.append(html(table(report)))
                .append("<p>federated: fitted to the sums of all sites")
                .append(report.encoder() == null ? "" : ", on the encoder's embeddings")
                .append(". single-site: each site's own fit on its own patients. demographics: ")
                .append(Html.escape(String.join(", ", report.covariates())))
                .append(" only. mean: the same number for everybody.")
                .append(
                        report.encoder() == null
                                ? ""
                                : " connectivity: the same fit to functional connectivity, which needs no encoder.")
                .append("</p>\n");
        if (report.scores().getFirst().metrics() instanceof ClassesMetrics several) {
            html.append(againstRest(report, several));
        }
        return html.append(ReliabilityPlot.of(report)).toString();
    }

    private static String byRound(PhenotypeReport report, FineTuneReport tuned) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("round", "fine-tuned, " + header(report).get(1)));
        tuned.rounds().forEach(each -> rows.add(List.of(Integer.toString(each.round()), estimate(each.score()))));
        return html(rows);
    }

    /** Of the federated model, every class against the rest. */
    private static String againstRest(PhenotypeReport report, ClassesMetrics metrics) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("federated, class", "patients", "AUC against the rest", "Brier"));
        for (int k = 0; k < metrics.againstRest().size(); k++) {
            ClassificationMetrics one = metrics.againstRest().get(k);
            rows.add(List.of(
                    report.classes().get(k), Long.toString(one.ones()), estimate(one.auc()), estimate(one.brier())));
        }
        return html(rows);
    }

    /** @param rows header first */
    private static String html(List<List<String>> rows) {
        StringBuilder html = new StringBuilder("<div class=\"scroll\"><table>\n");
        for (int i = 0; i < rows.size(); i++) {
            String cell = i == 0 ? "th" : "td";
            html.append("<tr>");
            rows.get(i).forEach(text -> html.append(format("<%s>%s</%s>", cell, Html.escape(text), cell)));
            html.append("</tr>\n");
        }
        return html.append("</table></div>\n").toString();
    }

    /** How it was fitted, in sentences. */
    static String fit(PhenotypeReport report) {
        FineTuneReport tuned = report.fineTuned();
        if (tuned != null) {
            return tuned.words();
        }
        String newton = report.newtonSteps() == 0
                ? "Ridge regression from one sum of products."
                : format(
                        "Logistic regression%s by %d Newton steps, which %s.",
                        report.classes().size() > 2 ? " of each class against the rest" : "",
                        report.newtonSteps(),
                        report.converged() ? "converged" : "did not reach the tolerance");
        PhenotypeResult.Overlap overlap = report.overlap();
        String patients = overlap == null
                ? "Nobody counted whether patients are at more than one site."
                : format(
                        "Of %d patients, %d series are at a site more than once; %d buckets could not be told apart.",
                        overlap.patients(), overlap.shared(), overlap.unresolved());
        PhenotypeReport.Encoder encoder = report.encoder();
        String features = encoder == null
                ? ""
                : format(
                        "Features: embeddings (%s of %d windows a scan at most) by the frozen model of parameters %s. ",
                        encoder.pooling(), encoder.windowsPerScan(), encoder.modelSha256());
        return format(
                "%s%s Scaling: %s; harmonisation: %s. %s",
                features, newton, report.scaling(), report.harmonisation(), patients);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
