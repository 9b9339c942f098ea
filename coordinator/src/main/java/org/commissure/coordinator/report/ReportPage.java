package org.commissure.coordinator.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.commissure.coordinator.round.EvaluationSummary;

/** The report as one HTML page that needs nothing else: no script, no font, no network. */
final class ReportPage {
    private ReportPage() {}

    static String of(RunReport report) {
        StringBuilder page = new StringBuilder();
        page.append("""
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
                <meta name="color-scheme" content="light dark">
                <title>%s: run %s</title>
                <style>
                %s</style>
                </head>
                <body>
                <main>
                """.formatted(e(report.study().name()), e(report.run().id()), style()));
        head(page, report);
        RegionalResult regional = report.regional();
        PhenotypeReport phenotype = report.phenotype();
        if (phenotype != null) {
            section(page, "Scores on the external cohorts", PhenotypeSection.scores(phenotype));
            section(page, "Fit", "<p>" + e(PhenotypeSection.fit(phenotype)) + "</p>\n");
        } else if (regional == null) {
            sealed(page, report);
            section(page, "Reconstruction by round", evaluation(report));
        } else {
            section(page, "Scores on the external cohorts", RegionalSection.scores(regional));
            section(page, "Fit", RegionalSection.fit(regional));
            section(page, "Error of the noise", RegionalSection.privacy(regional));
        }
        section(page, "Survivors by round", SurvivorGrid.of(report));
        section(page, "Privacy and traffic by site", PrivacyBars.of(report) + sites(report));
        section(page, "Provenance", provenance(report));
        page.append("</main>\n</body>\n</html>\n");
        return page.toString();
    }

    private static void head(StringBuilder page, RunReport report) {
        page.append("<h1>").append(e(report.study().name())).append("</h1>\n");
        page.append("<p class=\"notice\">").append(e(report.notice())).append("</p>\n");
        page.append("<p>Run <code>").append(e(report.run().id())).append("</code> ended as <strong>");
        page.append(report.run().outcome().name().toLowerCase(Locale.ROOT)).append("</strong>");
        if (!report.run().reason().isBlank()) {
            page.append(": ").append(e(report.run().reason()));
        }
        page.append(". Purpose: ").append(e(report.study().purpose())).append(".</p>\n");
    }

    private static void sealed(StringBuilder page, RunReport report) {
        SealedEvaluation evaluation = report.sealedEvaluation();
        if (evaluation == null) {
            section(
                    page,
                    "Evaluation on the sealed external cohorts",
                    "<p>n/a: no evaluation was released whose sum is kept.</p>\n");
            return;
        }
        section(page, "Evaluation on the sealed external cohorts", EvaluationSection.of(evaluation));
        section(
                page,
                "Patients",
                FlowDiagram.of(report, evaluation) + "<p>Exclusions shared by sites: "
                        + e(report.exclusions().shared() + ", "
                                + report.exclusions().reason()) + ".</p>\n");
        section(
                page,
                "Subgroups",
                EvaluationSection.subgroups(evaluation.metrics().subgroups()));
        section(page, "Single site, federated, pooled", EvaluationSection.comparison(evaluation.comparison()));
        section(page, "Dropouts", EvaluationSection.dropouts(evaluation.dropouts()));
    }

    private static void section(StringBuilder page, String title, String content) {
        page.append("<section>\n<h2>")
                .append(e(title))
                .append("</h2>\n")
                .append(content)
                .append("</section>\n");
    }

    private static String evaluation(RunReport report) {
        StringBuilder html = new StringBuilder(ScoreChart.of(report));
        html.append("<p>Masked reconstruction, mask ratio ")
                .append(report.study().maskRatio());
        html.append(", of all sites' external patients together. R² is 1 − SSE/SST. Baselines: each parcel's mean ");
        html.append("over its visible patches, and linear interpolation between them.</p>\n");
        html.append("""
                <div class="scroll"><table>
                <thead><tr><th scope="col">Round</th><th scope="col">R²</th><th scope="col">R² mean</th>\
                <th scope="col">R² interp.</th><th scope="col">MSE</th><th scope="col">MSE mean</th>\
                <th scope="col">MSE interp.</th><th scope="col">Patients</th><th scope="col">Seconds</th>\
                <th scope="col" class="words">Survivors</th></tr></thead>
                <tbody>
                """);
        for (RunReport.Round round : report.rounds()) {
            html.append("<tr><th scope=\"row\">").append(round.round()).append("</th>");
            EvaluationSummary scores = round.evaluation();
            if (scores == null) {
                html.append("<td colspan=\"7\" class=\"words\">n/a: ");
                html.append(e(String.valueOf(round.evaluationUnavailable()))).append("</td>");
            } else {
                cells(
                        html,
                        Numbers.score(scores.r2()),
                        Numbers.score(scores.r2ParcelMean()),
                        Numbers.score(scores.r2Interpolation()),
                        Numbers.score(scores.mse()),
                        Numbers.score(scores.mseParcelMean()),
                        Numbers.score(scores.mseInterpolation()),
                        Long.toString(scores.patients()));
            }
            cells(html, Numbers.seconds(round.seconds()));
            html.append("<td class=\"words\">").append(e(survivors(round))).append("</td></tr>\n");
        }
        return html.append("</tbody></table></div>\n").toString();
    }

    private static String survivors(RunReport.Round round) {
        return switch (round.outcome()) {
            case INITIAL -> "initial model";
            case ABORTED -> "aborted, model unchanged";
            case RELEASED -> String.join(", ", round.survivors());
        };
    }

    private static String sites(RunReport report) {
        StringBuilder html = new StringBuilder("""
                <p>ε is an upper bound that each site signed in the log, from its own ledger.</p>
                <div class="scroll"><table>
                <thead><tr><th scope="col" class="words">Site</th><th scope="col">ε spent</th><th scope="col">ε left</th>\
                <th scope="col">δ</th><th scope="col">Bytes sent</th><th scope="col" class="words">External cohort, SHA-256</th></tr></thead>
                <tbody>
                """);
        for (RunReport.Site site : report.sites()) {
            html.append("<tr><th scope=\"row\" class=\"words\">")
                    .append(e(site.name()))
                    .append("</th>");
            RunReport.PrivacySpent spent = site.privacy();
            if (spent == null) {
                html.append("<td colspan=\"3\" class=\"words\">n/a: ");
                html.append(e(String.valueOf(site.privacyUnavailable()))).append("</td>");
            } else {
                Double left = spent.epsilonLeft();
                cells(
                        html,
                        Numbers.epsilon(spent.epsilonSpent()),
                        left == null ? "n/a" : Numbers.epsilonLeft(left),
                        Numbers.delta(spent.delta()));
            }
            cells(html, Numbers.bytes(site.bytesReceived()));
            String cohort = site.externalCohortSha256();
            html.append("<td class=\"words\"><code>")
                    .append(e(cohort == null ? "n/a" : cohort))
                    .append("</code></td></tr>\n");
        }
        return html.append("</tbody></table></div>\n").toString();
    }

    private static String provenance(RunReport report) {
        RunReport.Log log = report.log();
        StringBuilder html = new StringBuilder("<dl>\n");
        item(
                html,
                "Transparency log",
                log.verified()
                        ? "verified, " + log.entries() + " entries, origin " + log.origin()
                        : "NOT verified: " + log.problem());
        item(html, "Log root", log.rootSha256());
        item(html, "Federation authority, SHA-256", log.authoritySha256());
        item(html, "Study file, SHA-256", report.study().sha256());
        item(html, "Model, SHA-256", report.model().sha256());
        item(
                html,
                "Exclusions shared by sites",
                report.exclusions().shared() + ": " + report.exclusions().reason());
        return html.append("</dl>\n").toString();
    }

    private static void item(StringBuilder html, String term, String value) {
        html.append("<dt>").append(e(term)).append("</dt><dd>");
        html.append(e(value.isBlank() ? "n/a" : value)).append("</dd>\n");
    }

    private static void cells(StringBuilder html, String... values) {
        for (String value : values) {
            html.append("<td>").append(e(value)).append("</td>");
        }
    }

    private static String e(String text) {
        return Html.escape(text);
    }

    private static String style() {
        try (InputStream css = ReportPage.class.getResourceAsStream("report.css")) {
            if (css == null) {
                throw new IllegalStateException("report.css is missing from the build");
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
