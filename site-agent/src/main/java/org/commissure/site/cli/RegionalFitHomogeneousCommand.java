package org.commissure.site.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.models.durable.AtomicFile;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.fit.FitPlan;
import org.commissure.models.meanfield.fit.FitSplits;
import org.commissure.models.meanfield.fit.HomogeneousSpace;
import org.commissure.models.meanfield.fit.ParameterBounds;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The baseline of the other fits. */
@Command(
        name = "homogeneous",
        mixinStandardHelpOptions = true,
        description = {
            "Fit the same w, I and sigma for every region, and G, by an evolution strategy (CMA-ES) on connectivity"
                    + " and its dynamics, with the same bounds and haemodynamics as pmfm. What a regional model adds is"
                    + " what it gains over this one.",
            "A fit that was stopped or killed goes on with --resume and the same options."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:fitted", "1:every candidate left the range of numbers", "2:usage", "3:failed or stopped"},
        footer = {
            "",
            "Example:",
            "  commissure site regional fit homogeneous --data cohort --out homogeneous --budget 10m"
        })
final class RegionalFitHomogeneousCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private RegionalSplitOptions cohort = new RegionalSplitOptions();

    @Mixin
    private RegionalEvolutionOptions evolution = new RegionalEvolutionOptions();

    @Mixin
    private RegionalFitRun run = new RegionalFitRun();

    @Override
    public Integer call() throws IOException {
        FitSplits splits = cohort.splits();
        Timing timing = cohort.timing();
        FitPlan sizes = evolution.plan(timing);
        HomogeneousSpace space = new HomogeneousSpace(splits.regions(), ParameterBounds.KONG_2021);
        boolean dynamics = splits.train().target().dynamics().isPresent();
        return run.execute(spec, (scorer, listener) -> {
            RegionalEvolution fit = RegionalEvolution.run(
                    "homogeneous", scorer, splits, space, sizes, evolution.budget(), run.seed(), run.out(), listener);
            if (fit.outcome().chosen().isEmpty()) {
                Output.of(spec).println("every candidate left the range of numbers: there is no result");
                return 1;
            }
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("model", "homogeneous");
            facts.putAll(run.provenance(cohort, "kong2021", timing));
            facts.put("homogeneous", fit.facts(dynamics));
            RegionalFitReport report = new RegionalFitReport(run.out(), "homogeneous");
            report.parameters(fit.outcome(), run.parameterProvenance("homogeneous", cohort));
            report.pictures(
                    fit.outcome(),
                    splits.test(),
                    Haemodynamics.KONG_2021,
                    timing,
                    run.seed(),
                    "generation",
                    RegionalEvolution.names(fit.outcome()),
                    fit.outcome().curves(),
                    null);
            AtomicFile.write(run.out().resolve("result.json"), Output.text(facts) + "\n");
            run.output().print(facts, print -> RegionalFitReport.print(print, "homogeneous", fit.outcome(), dynamics));
            return 0;
        });
    }
}
