package org.commissure.coordinator.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.commissure.coordinator.round.EvaluationSummary;
import org.commissure.coordinator.round.RegionalScores;
import org.commissure.protocol.evaluation.Estimate;
import org.commissure.protocol.evaluation.Interval;
import org.commissure.protocol.evaluation.RandomEffects;

/** A run as a table for the terminal. */
public final class RunTable {
    private static final String NOT_AVAILABLE = "n/a";

    private RunTable() {}

    /** Several lines, the last without a line break. Control characters in texts become {@code ?}. */
    public static String of(RunReport report) {
        StringBuilder text = new StringBuilder();
        text.append("run ")
                .append(report.run().id())
                .append(" of '")
                .append(report.study().name())
                .append("': ");
        text.append(report.run().outcome().name().toLowerCase(Locale.ROOT));
        if (!report.run().reason().isBlank()) {
            text.append(" (").append(report.run().reason()).append(')');
        }
        RegionalResult regional = report.regional();
        PhenotypeReport phenotype = report.phenotype();
        if (phenotype != null) {
            text.append("\n\nexternal cohorts, ").append(phenotype.target()).append(", 95 % intervals\n");
            text.append(align(PhenotypeSection.table(phenotype).stream()
                    .map(row -> row.toArray(String[]::new))
                    .toList()));
            text.append("  ").append(PhenotypeSection.fit(phenotype)).append('\n');
        } else if (regional == null) {
            text.append("\n\nexternal cohorts, masked reconstruction; R² is 1 − SSE/SST\n");
            List<String> roundNotes = new ArrayList<>();
            text.append(align(rounds(report, roundNotes)));
            roundNotes.forEach(note -> text.append("  ").append(note).append('\n'));
            SealedEvaluation sealed = report.sealedEvaluation();
            if (sealed != null) {
                sealed(sealed, text);
            }
        } else {
            text.append("\n\nexternal cohorts, means over sites with 95 % intervals\n");
            text.append(align(scores(regional)));
        }
        List<String> siteNotes = new ArrayList<>();
        text.append('\n').append(align(sites(report, siteNotes)));
        siteNotes.forEach(note -> text.append("  ").append(note).append('\n'));
        text.append('\n').append(log(report.log()));
        text.append("\nmodel ")
                .append(
                        report.model().sha256().isEmpty()
                                ? NOT_AVAILABLE
                                : report.model().sha256());
        text.append('\n').append(report.notice());
        return printable(text);
    }

    private static void sealed(SealedEvaluation sealed, StringBuilder text) {
        Estimate r2 = sealed.metrics().r2();
        text.append("\nround ")
                .append(sealed.round())
                .append(", 95 % intervals\n  R² ")
                .append(Numbers.withInterval(r2.value(), r2.interval()))
                .append('\n');
        sealed.findings()
                .forEach(finding -> text.append("  against the ")
                        .append(finding.baseline())
                        .append(": ")
                        .append(Numbers.withInterval(
                                finding.difference().value(),
                                finding.difference().interval()))
                        .append(", ")
                        .append(finding.verdict()
                                .name()
                                .toLowerCase(Locale.ROOT)
                                .replace('_', ' '))
                        .append('\n'));
        RandomEffects pooled = sealed.metrics().sites().pooled();
        Interval worst = sealed.metrics().sites().worst();
        if (pooled != null && worst != null) {
            text.append("  over sites ")
                    .append(Numbers.withInterval(pooled.mean(), pooled.interval()))
                    .append(String.format(
                            Locale.ROOT, "; the worst lies between %.2f and %.2f%n", worst.low(), worst.high()));
        }
    }

    private static List<String[]> rounds(RunReport report, List<String> notes) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {
            "round", "R²", "R² mean", "R² interp", "MSE", "MSE mean", "MSE interp", "seconds", "survivors"
        });
        for (RunReport.Round round : report.rounds()) {
            String[] row = new String[9];
            row[0] = Integer.toString(round.round());
            EvaluationSummary evaluation = round.evaluation();
            if (evaluation == null) {
                Arrays.fill(row, 1, 7, NOT_AVAILABLE);
                notes.add("round " + round.round() + ": " + NOT_AVAILABLE + ", " + round.evaluationUnavailable());
            } else {
                row[1] = Numbers.score(evaluation.r2());
                row[2] = Numbers.score(evaluation.r2ParcelMean());
                row[3] = Numbers.score(evaluation.r2Interpolation());
                row[4] = Numbers.score(evaluation.mse());
                row[5] = Numbers.score(evaluation.mseParcelMean());
                row[6] = Numbers.score(evaluation.mseInterpolation());
            }
            row[7] = Numbers.seconds(round.seconds());
            row[8] = switch (round.outcome()) {
                case INITIAL -> "initial model";
                case ABORTED -> "aborted, model unchanged";
                case RELEASED ->
                    round.survivors().size() + " of " + report.sites().size() + ": "
                            + String.join(" ", round.survivors());
            };
            rows.add(row);
        }
        return rows;
    }

    private static List<String[]> scores(RegionalResult result) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"candidate", "r", "KS", "1 - r + KS"});
        RegionalScores scores = result.scores();
        if (scores != null) {
            for (RegionalScores.Candidate candidate : scores.candidates()) {
                rows.add(new String[] {
                    candidate.name(),
                    RegionalSection.interval(candidate.r()),
                    RegionalSection.interval(candidate.ks()),
                    RegionalSection.interval(candidate.total())
                });
            }
        }
        return rows;
    }

    private static List<String[]> sites(RunReport report, List<String> notes) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"site", "bytes sent", "ε spent", "ε left", "δ"});
        for (RunReport.Site site : report.sites()) {
            RunReport.PrivacySpent spent = site.privacy();
            String[] row = {
                site.name(), Numbers.bytes(site.bytesReceived()), NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE
            };
            if (spent == null) {
                notes.add(site.name() + ": ε " + NOT_AVAILABLE + ", " + site.privacyUnavailable());
            } else {
                Double left = spent.epsilonLeft();
                row[2] = Numbers.epsilon(spent.epsilonSpent());
                row[3] = left == null ? NOT_AVAILABLE : Numbers.epsilonLeft(left);
                row[4] = Numbers.delta(spent.delta());
            }
            rows.add(row);
        }
        return rows;
    }

    private static String log(RunReport.Log log) {
        return log.verified()
                ? "log verified: " + log.entries() + " entries, root " + log.rootSha256()
                : "log NOT verified: " + log.problem();
    }

    /** First and last column to the left (if they hold words), numbers to the right. */
    private static String align(List<String[]> rows) {
        int columns = rows.getFirst().length;
        int[] widths = new int[columns];
        rows.forEach(row -> Arrays.setAll(widths, column -> Math.max(widths[column], row[column].length())));
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder("  ");
            for (int column = 0; column < columns; column++) {
                String gap = " ".repeat(widths[column] - row[column].length());
                boolean words = column == 0 || rows.getFirst()[column].equals("survivors");
                line.append(words ? row[column] + gap : gap + row[column]).append("  ");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String printable(CharSequence text) {
        return text.toString().replaceAll("[\\p{Cntrl}&&[^\n]]", "?");
    }
}
