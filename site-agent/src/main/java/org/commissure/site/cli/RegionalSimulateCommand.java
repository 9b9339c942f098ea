package org.commissure.site.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Simulator;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.models.meanfield.golden.RegionalComparison;
import org.commissure.models.meanfield.golden.RegionalGoldenReplay;
import org.commissure.models.meanfield.golden.RegionalGoldenReport;
import org.commissure.models.meanfield.scoring.ScoringListener;
import org.commissure.models.meanfield.simulation.VectorSimulator;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** BOLD of one candidate, or the engines against golden numbers. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Simulate one candidate and write its BOLD signal, a row for each frame and a column for each region.",
            "With --golden, rerun a folder of golden cases instead: its manifest.json names cases of given, zero or"
                    + " counter-based noise, and every output is computed by the engine in double precision and the one in"
                    + " single precision, and its largest absolute difference is printed beside the tolerance. Files that"
                    + " are absent are said."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:simulated, or every comparison passes",
            "1:a comparison fails, or the candidate diverged",
            "2:usage",
            "3:a file cannot be used"
        },
        footer = {
            "",
            "Examples:",
            "  commissure site regional simulate --params top10.csv --sc sc.csv --candidate 1 --seed 1 --out bold.npy",
            "  commissure site regional simulate --golden reference/meanfield --json"
        })
final class RegionalSimulateCommand implements Callable<Integer> {
    private static final int ANSWER_IS_NO = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private RegionalModelOptions model = new RegionalModelOptions();

    @Option(names = "--golden", paramLabel = "DIR", description = "folder with manifest.json and the cases it names")
    private @Nullable Path golden;

    @Option(names = "--params", paramLabel = "FILE", description = "file of candidates")
    private @Nullable Path parameters;

    @Option(names = "--out", paramLabel = "FILE", description = "BOLD in percent, frames × regions: .npy, .csv or .tsv")
    private @Nullable Path out;

    @Option(
            names = "--candidate",
            paramLabel = "K",
            description = "which column of the file, from 1 (default: ${DEFAULT-VALUE})")
    private int index = 1;

    @Option(names = "--seed", paramLabel = "S", description = "of the noise (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    @Override
    public Integer call() {
        if (golden != null) {
            return replay(golden);
        }
        if (parameters == null || out == null) {
            throw new ParameterException(
                    Objects.requireNonNull(spec, "picocli injects the specification")
                            .commandLine(),
                    "--params, --sc and --out are needed to simulate, or --golden alone");
        }
        return simulate(parameters, out);
    }

    private int simulate(Path parameters, Path out) {
        var connectome = model.connectome();
        List<RegionalParameters> candidates = model.candidates(parameters, connectome);
        if (index < 1 || index > candidates.size()) {
            throw new UserError(
                    "--candidate is " + index + ", but " + parameters + " has " + candidates.size(),
                    "name one of its columns, from 1");
        }
        Timing timing = model.timing();
        Bold bold;
        try (Simulator simulator = new VectorSimulator()) {
            bold = simulator
                    .simulate(
                            connectome,
                            candidates.subList(index - 1, index),
                            model.haemodynamics(),
                            timing,
                            PhiloxNoise.of(seed, 0))
                    .getFirst()
                    .after(timing.discardedFrames());
        }
        boolean diverged = !bold.isFinite();
        if (!diverged) {
            write(out, bold);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("diverged", diverged);
        facts.put("out", diverged ? null : out.toString());
        facts.put("regions", bold.regions());
        facts.put("seed", seed);
        model.describe(facts, timing);
        PrintWriter print = Output.of(spec);
        if (json) {
            Output.json(print, facts);
        } else if (diverged) {
            print.println("diverged: w, G or sigma are too large for the step of the scheme; nothing is written");
        } else {
            print.println("wrote " + out + ": " + bold.frames() + " frames × " + bold.regions() + " regions");
        }
        print.flush();
        return diverged ? ANSWER_IS_NO : 0;
    }

    private static void write(Path out, Bold bold) {
        double[][] rows = new double[bold.frames()][bold.regions()];
        for (int frame = 0; frame < rows.length; frame++) {
            System.arraycopy(bold.values(), frame * bold.regions(), rows[frame], 0, bold.regions());
        }
        try {
            MatrixFile.write(out, rows);
        } catch (IOException e) {
            throw new UserError(
                    "cannot write " + out, "name a .npy, .csv or .tsv file in a folder that can be written to", e);
        }
    }

    private int replay(Path folder) {
        RegionalGoldenReport report;
        try {
            report = RegionalGoldenReplay.run(folder, ScoringListener.NONE);
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(
                    "the golden folder " + folder + " cannot be replayed: " + e.getMessage(),
                    "point at a folder in the layout of the reference, with manifest.json",
                    e);
        }
        if (json) {
            Output.json(Output.of(spec), facts(folder, report));
        } else {
            print(report);
        }
        return report.pass() ? 0 : ANSWER_IS_NO;
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

    private void print(RegionalGoldenReport report) {
        PrintWriter out = Output.of(spec);
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
        out.flush();
    }
}
