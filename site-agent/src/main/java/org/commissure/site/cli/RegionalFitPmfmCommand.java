package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.commissure.models.durable.AtomicFile;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.fit.CorticalMap;
import org.commissure.models.meanfield.fit.FitListener;
import org.commissure.models.meanfield.fit.FitPlan;
import org.commissure.models.meanfield.fit.FitSplits;
import org.commissure.models.meanfield.fit.HomogeneousSpace;
import org.commissure.models.meanfield.fit.MapSpace;
import org.commissure.models.meanfield.fit.ParameterBounds;
import org.commissure.models.meanfield.scoring.Scorer;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The parametric mean-field model of Kong et al. 2021. */
@Command(
        name = "pmfm",
        mixinStandardHelpOptions = true,
        description = {
            "Fit w, I and sigma as linear functions of cortical maps, and G, by an evolution strategy (CMA-ES) on"
                    + " connectivity and its dynamics: with myelin and the principal gradient ten numbers (Kong et al."
                    + " 2021). Several searches from different seeds; the best of all on the validation split, ten that"
                    + " differ, are reported on the test split. A homogeneous model is fitted beside it.",
            "The cost is 1 minus the correlation of connectivity plus the Kolmogorov-Smirnov distance of its dynamics."
                    + " Published: test r .692, KS .074, total .382, after about 30 hours of a GPU for each seed.",
            "A checkpoint is written after each generation. A fit that was stopped or killed goes on with --resume and"
                    + " the same options, to the same candidates."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:fitted", "1:every candidate left the range of numbers", "2:usage", "3:failed or stopped"},
        footer = {
            "",
            "An hour on this machine, with the folder's myelin.csv and rsfc_gradient.csv:",
            "  commissure site regional fit pmfm --data cohort --out pmfm --budget 1h",
            "",
            "The published sizes, with another map:",
            "  commissure site regional fit pmfm --data cohort --out pmfm --map thickness=thickness.csv --map rsfc_gradient"
        })
final class RegionalFitPmfmCommand implements Callable<Integer> {
    /** Of the budget; the homogeneous model needs few generations. */
    private static final double HOMOGENEOUS_SHARE = 0.1;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private RegionalSplitOptions cohort = new RegionalSplitOptions();

    @Option(
            names = "--map",
            paramLabel = "NAME[=FILE]",
            description = "a cortical map, one number for each region; NAME alone is NAME.csv of the cohort's folder;"
                    + " repeat for more (default: myelin and rsfc_gradient)")
    private List<String> maps = List.of("myelin", "rsfc_gradient");

    @Option(
            names = "--no-homogeneous",
            negatable = false,
            description = "leave out the homogeneous model, and its tenth of the budget")
    private boolean withoutHomogeneous;

    @Mixin
    private RegionalEvolutionOptions evolution = new RegionalEvolutionOptions();

    @Mixin
    private RegionalFitRun run = new RegionalFitRun();

    @Override
    public Integer call() throws IOException {
        FitSplits splits = cohort.splits();
        Timing timing = cohort.timing();
        FitPlan sizes = evolution.plan(timing);
        MapSpace space = space(splits.regions());
        Path regions = run.regions();
        if (regions != null) {
            RegionalFitReport.table(regions, splits.regions());
        }
        return run.execute(spec, (scorer, listener) -> fit(splits, timing, sizes, space, scorer, listener));
    }

    private MapSpace space(int regions) {
        List<CorticalMap> read = new ArrayList<>();
        for (String map : maps) {
            int equals = map.indexOf('=');
            read.add(cohort.map(
                    equals < 0 ? map : map.substring(0, equals),
                    equals < 0 ? Optional.empty() : Optional.of(Path.of(map.substring(equals + 1)))));
        }
        try {
            MapSpace space = new MapSpace(read, ParameterBounds.KONG_2021);
            if (space.regions() != regions) {
                throw new UserError(
                        "the maps have " + space.regions() + " regions, but the cohort has " + regions,
                        "give maps of the same parcellation");
            }
            return space;
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "give maps that differ, of one parcellation", e);
        }
    }

    private Integer fit(
            FitSplits splits, Timing timing, FitPlan sizes, MapSpace space, Scorer scorer, FitListener listener)
            throws IOException, InterruptedException {
        Duration budget = evolution.budget();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", "pmfm");
        facts.put("space", space.description());
        facts.putAll(run.provenance(cohort, "kong2021", timing));
        RegionalEvolution pmfm = RegionalEvolution.run(
                "pmfm",
                scorer,
                splits,
                space,
                sizes,
                budget == null || withoutHomogeneous ? budget : share(budget, 1 - HOMOGENEOUS_SHARE),
                run.seed(),
                run.out(),
                listener);
        if (pmfm.outcome().chosen().isEmpty()) {
            Output.of(spec).println("every candidate left the range of numbers: there is no result");
            return 1;
        }
        boolean dynamics = splits.train().target().dynamics().isPresent();
        facts.put("pmfm", pmfm.facts(dynamics));
        write(splits, timing, pmfm, facts);
        Optional<RegionalEvolution> homogeneous = Optional.empty();
        if (!withoutHomogeneous) {
            homogeneous = Optional.of(RegionalEvolution.run(
                    "homogeneous",
                    scorer,
                    splits,
                    new HomogeneousSpace(splits.regions(), ParameterBounds.KONG_2021),
                    new FitPlan(1, sizes.search(), sizes.validated(), sizes.selection()),
                    budget == null ? null : share(budget, HOMOGENEOUS_SHARE),
                    run.seed(),
                    run.out().resolve("homogeneous"),
                    listener));
            facts.put("homogeneous", homogeneous.get().facts(dynamics));
            AtomicFile.write(run.out().resolve("result.json"), Output.text(facts) + "\n");
        }
        Optional<RegionalEvolution> baseline = homogeneous;
        run.output().print(facts, print -> {
            RegionalFitReport.print(print, "pmfm", pmfm.outcome(), dynamics);
            baseline.ifPresent(fit -> RegionalFitReport.print(print, "homogeneous", fit.outcome(), dynamics));
            print.printf(Locale.ROOT, "written to %s%n", run.out());
        });
        return 0;
    }

    private void write(FitSplits splits, Timing timing, RegionalEvolution pmfm, Map<String, Object> facts)
            throws IOException {
        RegionalFitReport report = new RegionalFitReport(run.out(), "pmfm");
        report.parameters(pmfm.outcome(), run.parameterProvenance("pmfm", cohort));
        report.pictures(
                pmfm.outcome(),
                splits.test(),
                Haemodynamics.KONG_2021,
                timing,
                run.seed(),
                "generation",
                RegionalEvolution.names(pmfm.outcome()),
                pmfm.outcome().curves(),
                run.regions());
        AtomicFile.write(run.out().resolve("result.json"), Output.text(facts) + "\n");
    }

    private static Duration share(Duration budget, double share) {
        return Duration.ofMillis(Math.max(1, Math.round(budget.toMillis() * share)));
    }
}
