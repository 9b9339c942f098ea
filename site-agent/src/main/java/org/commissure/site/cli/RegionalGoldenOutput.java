package org.commissure.site.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.commissure.models.meanfield.golden.RegionalComparison;
import org.commissure.models.meanfield.golden.RegionalGoldenReplay;
import org.commissure.models.meanfield.golden.RegionalGoldenReport;
import org.commissure.models.meanfield.scoring.ScoringListener;
import org.commissure.protocol.UserError;

/** What the replay of a golden folder says. */
final class RegionalGoldenOutput {
    private RegionalGoldenOutput() {}

    /** @return whether every comparison passes */
    static boolean replay(Path folder, FactsOption output) {
        RegionalGoldenReport report;
        try {
            report = RegionalGoldenReplay.run(folder, ScoringListener.NONE);
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(
                    "the golden folder " + folder + " cannot be replayed: " + e.getMessage(),
                    "point at a folder in the layout of the reference, with manifest.json",
                    e);
        }
        output.print(facts(folder, report), print -> print(report, print));
        return report.pass();
    }

    private static Map<String, Object> facts(Path folder, RegionalGoldenReport report) {
        List<Map<String, Object>> comparisons = new ArrayList<>();
        for (RegionalComparison comparison : report.comparisons()) {
            double difference = comparison.largestDifference();
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("case", comparison.golden());
            facts.put("output", comparison.output());
            facts.put("engine", comparison.engine());
            facts.put("max_abs_difference", Double.isFinite(difference) ? difference : null);
            facts.put(
                    "tolerance",
                    comparison.tolerance().isPresent() ? comparison.tolerance().getAsDouble() : null);
            facts.put("pass", comparison.pass());
            comparisons.add(facts);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("folder", folder.toString());
        facts.put("pass", report.pass());
        facts.put("comparisons", comparisons);
        facts.put("skipped", report.skipped());
        return facts;
    }

    private static void print(RegionalGoldenReport report, PrintWriter out) {
        for (RegionalComparison c : report.comparisons()) {
            out.printf(
                    Locale.ROOT,
                    "%4s  %-6s  %9.2e  %-14s  %s/%s%n",
                    c.pass() ? "ok" : "FAIL",
                    c.engine(),
                    c.largestDifference(),
                    c.tolerance().isPresent()
                            ? String.format(
                                    Locale.ROOT, "at most %.0e", c.tolerance().getAsDouble())
                            : "not judged",
                    c.golden(),
                    c.output());
        }
        report.skipped().forEach(skipped -> out.println("skipped  " + skipped));
        out.println(report.pass() ? "pass" : "FAIL");
    }
}
