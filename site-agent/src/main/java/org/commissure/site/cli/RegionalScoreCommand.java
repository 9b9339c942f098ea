package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.scoring.Scorer;
import org.commissure.models.meanfield.scoring.ScoringSettings;
import org.commissure.models.meanfield.scoring.ScoringTask;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.Target;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Candidates against a cohort's connectivity. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description = {
            "Simulate every candidate --repeats times and compare it with empirical connectivity.",
            "fcCorrelation is Pearson's correlation of Fisher's z of simulated and empirical functional connectivity,"
                    + " fcCost is 1 minus it; ks is the largest difference of the cumulative distributions of the"
                    + " functional connectivity dynamics; total is their sum. Connectivity and distributions are averaged"
                    + " over the repeats before the comparison. All candidates share each repeat's noise, and a seed gives"
                    + " the same costs again.",
            "A candidate whose simulation leaves the range of numbers is reported as diverged, without costs."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:scored", "2:usage", "3:a file cannot be used"},
        footer = {
            "",
            "Example:",
            "  commissure site regional score --params top10.csv --sc sc.csv --fc fc.csv --fcd-cdf fcd_cdf.csv"
                    + " --repeats 10 --seed 1 --json"
        })
final class RegionalScoreCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private RegionalModelOptions model = new RegionalModelOptions();

    @Mixin
    private RegionalEngineOptions engine = new RegionalEngineOptions();

    @Option(names = "--params", required = true, paramLabel = "FILE", description = "candidates to score")
    private Path parameters = Path.of("");

    @Option(
            names = "--fc",
            required = true,
            paramLabel = "FILE",
            description = "empirical functional connectivity, regions × regions, as correlations")
    private Path connectivity = Path.of("");

    @Option(
            names = "--fcd-cdf",
            paramLabel = "FILE",
            description =
                    "cumulative distribution of the empirical dynamics over 10,000 bins of [-0.9999, 1], as counts or"
                            + " fractions; without it ks is not computed")
    private @Nullable Path dynamics;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "noise realisations averaged before the comparison (default: ${DEFAULT-VALUE})")
    private int repeats = 1;

    @Mixin
    private RegionalNoiseOption noise = new RegionalNoiseOption();

    @Mixin
    private RegionalWindowOptions windows = new RegionalWindowOptions(1);

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        if (repeats < 1) {
            throw new UserError("--repeats is " + repeats, "give at least one");
        }
        Connectome connectome = model.connectome();
        List<RegionalParameters> candidates = model.candidates(parameters, connectome);
        Target target = RegionalModelOptions.target(connectivity, Optional.ofNullable(dynamics), connectome);
        Timing timing = model.timing();
        ScoringSettings settings = windows.scoring(model.haemodynamics(), timing);
        List<Cost> costs;
        try (Scorer scorer = engine.open(new SimulationProgress(errors()))) {
            costs = scorer.score(new ScoringTask(connectome, target, settings, candidates, repeats, noise.seed()));
        } catch (InterruptedException e) {
            throw new UserError("scoring was stopped", "start it again", e);
        }
        output.print(facts(costs, settings), print -> print(costs, print));
        return 0;
    }

    private PrintWriter errors() {
        return Objects.requireNonNull(spec, "picocli injects the specification")
                .commandLine()
                .getErr();
    }

    private Map<String, Object> facts(List<Cost> costs, ScoringSettings settings) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("repeats", repeats);
        facts.put("seed", noise.seed());
        model.describe(facts, settings.timing());
        facts.put("window_frames", settings.windowFrames());
        facts.put("stride_frames", settings.strideFrames());
        List<Map<String, Object>> candidates = new ArrayList<>();
        for (int i = 0; i < costs.size(); i++) {
            candidates.add(facts(i + 1, costs.get(i)));
        }
        facts.put("candidates", candidates);
        return facts;
    }

    private Map<String, Object> facts(int candidate, Cost cost) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("candidate", candidate);
        facts.put("diverged", cost.diverged());
        facts.put("fcCost", cost.diverged() ? null : cost.fcCost());
        facts.put("fcCorrelation", cost.diverged() ? null : cost.fcCorrelation());
        facts.put("ks", cost.diverged() || dynamics == null ? null : cost.ks());
        facts.put("total", cost.diverged() ? null : cost.total());
        return facts;
    }

    private void print(List<Cost> costs, PrintWriter out) {
        out.printf("%9s  %8s  %8s  %8s  %8s%n", "candidate", "FC r", "FC cost", "KS", "total");
        for (int i = 0; i < costs.size(); i++) {
            Cost cost = costs.get(i);
            if (cost.diverged()) {
                out.printf("%9d  diverged: w, G or sigma are too large for the step of the scheme%n", i + 1);
                continue;
            }
            out.printf(
                    Locale.ROOT,
                    "%9d  %8.4f  %8.4f  %8s  %8.4f%n",
                    i + 1,
                    cost.fcCorrelation(),
                    cost.fcCost(),
                    dynamics == null ? "-" : String.format(Locale.ROOT, "%.4f", cost.ks()),
                    cost.total());
        }
    }
}
