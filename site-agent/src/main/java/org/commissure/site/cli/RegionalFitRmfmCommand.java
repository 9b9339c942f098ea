package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.commissure.models.durable.AtomicFile;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.fit.Chosen;
import org.commissure.models.meanfield.fit.FitListener;
import org.commissure.models.meanfield.fit.FitOutcome;
import org.commissure.models.meanfield.fit.FitSplits;
import org.commissure.models.meanfield.fit.InversionFit;
import org.commissure.models.meanfield.fit.InversionSettings;
import org.commissure.models.meanfield.fit.LogScales;
import org.commissure.models.meanfield.fit.SelectionSettings;
import org.commissure.models.meanfield.scoring.Scorer;
import org.commissure.models.meanfield.scoring.ScoringSettings;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The regional mean-field model of Wang et al. 2019. */
@Command(
        name = "rmfm",
        mixinStandardHelpOptions = true,
        description = {
            "Fit w and I of every region, G and one sigma, 2 × regions + 2 numbers, to functional connectivity:"
                    + " expectation-maximisation with a prior (w .5, I .3, G 1, sigma .001; variance 1/4 of each"
                    + " logarithm) and damped Gauss-Newton steps, whose Jacobian is exact (Wang et al. 2019, with their"
                    + " haemodynamics). A homogeneous model is fitted in the same way beside it.",
            "The iteration to stop at is chosen on the validation split; the test split is only reported on. The"
                    + " dynamics are not fitted here, but ks is reported where the cohort has them.",
            "A checkpoint is written after each iteration. A fit that was stopped or killed goes on with --resume and"
                    + " the same options, to the same parameters."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:fitted", "1:every candidate left the range of numbers", "2:usage", "3:failed or stopped"},
        footer = {
            "",
            "Example:",
            "  commissure site regional fit rmfm --data cohort --out rmfm --iterations 30 --regions atlas.tsv"
        })
final class RegionalFitRmfmCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private RegionalSplitOptions cohort = new RegionalSplitOptions();

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description = "Gauss-Newton steps, each a differentiated simulation and nine others (default:"
                    + " ${DEFAULT-VALUE})")
    private int iterations = 30;

    @Option(
            names = "--homogeneous-starts",
            paramLabel = "N",
            description =
                    "inversions of the homogeneous model, each under other noise, of which the best is the baseline:"
                            + " one alone may stop in a poor optimum (default: ${DEFAULT-VALUE})")
    private int homogeneousStarts = 4;

    @Mixin
    private RegionalSelectionOptions choice = new RegionalSelectionOptions(8, 5);

    @Mixin
    private RegionalFitRun run = new RegionalFitRun();

    @Override
    public Integer call() throws IOException {
        if (homogeneousStarts < 1) {
            throw new UserError("--homogeneous-starts is " + homogeneousStarts, "give at least one");
        }
        FitSplits splits = cohort.splits();
        Timing timing = cohort.timing();
        InversionSettings settings;
        SelectionSettings selection;
        try {
            settings = InversionSettings.wang2018(timing, iterations);
            selection = choice.settings(
                    new ScoringSettings(Haemodynamics.WANG_2018, timing, ConnectivityDynamics.WINDOW_FRAMES, 1),
                    3,
                    true);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "correct that option; --help lists them", e);
        }
        Path regions = run.regions();
        if (regions != null) {
            RegionalFitReport.table(regions, splits.regions());
        }
        return run.execute(spec, (scorer, listener) -> fit(splits, timing, settings, selection, scorer, listener));
    }

    private Integer fit(
            FitSplits splits,
            Timing timing,
            InversionSettings settings,
            SelectionSettings selection,
            Scorer scorer,
            FitListener listener)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        FitOutcome rmfm = invert("rmfm", false, splits, settings, selection, scorer, listener);
        if (rmfm.chosen().isEmpty()) {
            Output.of(spec).println("every candidate left the range of numbers: there is no result");
            return 1;
        }
        FitOutcome homogeneous = invert("homogeneous", true, splits, settings, selection, scorer, listener);
        boolean dynamics = splits.train().target().dynamics().isPresent();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", "rmfm");
        facts.putAll(run.provenance(cohort, "wang2018", timing));
        facts.put("iterations", iterations);
        facts.put("homogeneousStarts", homogeneousStarts);
        facts.put("priorVariance", settings.priorVariance());
        facts.put("validationRepeats", selection.validationRepeats());
        facts.put("testRepeats", selection.testRepeats());
        facts.put("testSets", selection.testSets());
        facts.put("seconds", (System.nanoTime() - begin) / 1e9);
        facts.put("rmfm", RegionalFitReport.facts(rmfm, false, dynamics));
        facts.put("homogeneous", RegionalFitReport.facts(homogeneous, false, dynamics));
        facts.put("gainOverHomogeneous", gain(rmfm, homogeneous));
        RegionalFitReport report = new RegionalFitReport(run.out(), "rmfm");
        report.parameters(rmfm, run.parameterProvenance("rmfm", cohort));
        report.pictures(
                rmfm,
                splits.test(),
                Haemodynamics.WANG_2018,
                timing,
                run.seed(),
                "iteration",
                curveNames(homogeneous),
                Stream.concat(rmfm.curves().stream(), homogeneous.curves().stream())
                        .toList(),
                run.regions());
        AtomicFile.write(run.out().resolve("result.json"), Output.text(facts) + "\n");
        run.output().print(facts, print -> {
            RegionalFitReport.print(print, "rmfm", rmfm, dynamics);
            RegionalFitReport.print(print, "homogeneous", homogeneous, dynamics);
            print.printf(Locale.ROOT, "written to %s%n", run.out());
        });
        return 0;
    }

    private static List<String> curveNames(FitOutcome homogeneous) {
        List<String> names = new ArrayList<>(List.of("rmfm"));
        for (int start = 1; start <= homogeneous.curves().size(); start++) {
            names.add("homogeneous " + start);
        }
        return names;
    }

    private FitOutcome invert(
            String name,
            boolean homogeneous,
            FitSplits splits,
            InversionSettings settings,
            SelectionSettings selection,
            Scorer scorer,
            FitListener listener)
            throws IOException, InterruptedException {
        return InversionFit.run(
                scorer,
                splits,
                LogScales.wang2018(splits.regions(), homogeneous),
                settings,
                homogeneous ? homogeneousStarts : 1,
                choice.validated(),
                selection,
                run.seed(),
                run.threads(),
                name,
                Optional.of(run.out()),
                listener);
    }

    private static @Nullable Double gain(FitOutcome rmfm, FitOutcome homogeneous) {
        Optional<Chosen> baseline = homogeneous.chosen().stream().findFirst();
        return baseline.isEmpty()
                ? null
                : rmfm.chosen().getFirst().test().fcCorrelation()
                        - baseline.get().test().fcCorrelation();
    }
}
