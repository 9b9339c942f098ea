package org.commissure.site.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.multisite.MultiSiteReconstruction;
import org.commissure.models.multisite.PatientSums;
import org.commissure.models.multisite.ReconstructionSite;
import org.commissure.models.training.DivergedException;
import org.commissure.models.training.ScanException;
import org.commissure.models.training.Schedule;
import org.commissure.models.training.TrainingPlan;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.PooledCohort;
import org.commissure.site.science.ReconstructionTable;
import org.commissure.site.science.RunCost;
import org.commissure.site.science.ScoreReport;
import org.commissure.site.science.ScoreTable;
import org.commissure.site.science.SimulatedSites;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Masked reconstruction by site: single, federated, pooled. */
@Command(
        name = "reconstruction-table",
        mixinStandardHelpOptions = true,
        description = {
            "Train one model at each site, one federated, and one on all sites' patients, all from the same start and"
                    + " for as many steps, and say how well each predicts hidden patches of patients nobody trained on.",
            "R² by site with an interval over patients, beside the parcel's visible mean and the line between visible"
                    + " patches, for the very same hidden values.",
            "Everything runs in this process, on data that lies on this machine: the sites are simulated. No real"
                    + " federation is contacted and none of its data is pooled."
        },
        footer = {
            "",
            "Example:",
            "  commissure science reconstruction-table --data abide1 --sites NYU,UM1,YALE --coordinates CC200.tsv \\ \\",
            "      --steps 200 --local-steps 20 --batch 8 --learning-rate 0.003 --out reconstruction-table"
        })
final class ReconstructionTableCommand implements Callable<Integer> {
    private static final int STEPS = 200;

    /** A bootstrap over fewer patients says nothing. */
    private static final int FEWEST_EXTERNAL = 5;

    private static final double WARM_UP_FRACTION = 0.05;
    private static final double WEIGHT_DECAY = 0.05;

    @Mixin
    private SimulatedSitesOptions cohort = new SimulatedSitesOptions();

    @Mixin
    private ScoreReportOptions report = new ScoreReportOptions();

    @Mixin
    private FactsOption facts = new FactsOption();

    @Mixin
    private StartOptions starts = new StartOptions();

    @Mixin
    private MaskingOptions masking = new MaskingOptions();

    @Mixin
    private EngineOptions engines = new EngineOptions();

    @Option(
            names = "--external",
            paramLabel = "SHARE",
            description = "of each site's patients whom nobody trains on (default: ${DEFAULT-VALUE})")
    private double external = 0.2;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description =
                    "optimiser steps of every model, and of every site in the federation (default: " + STEPS + ")")
    private @Nullable Integer steps;

    @Option(
            names = "--local-steps",
            paramLabel = "N",
            description = "steps between two averages of the federation: a round (default: ${DEFAULT-VALUE})")
    private int localSteps = 20;

    @Option(names = "--batch", paramLabel = "N", description = "windows a step (default: ${DEFAULT-VALUE})")
    private int batch = 8;

    @Option(names = "--learning-rate", paramLabel = "R", description = "at its peak (default: ${DEFAULT-VALUE})")
    private double learningRate = 0.003;

    @Option(
            names = "--windows",
            paramLabel = "N",
            description = "windows to score of each external patient, spread evenly (default: ${DEFAULT-VALUE})")
    private int windows = 2;

    @Override
    public Integer call() throws IOException {
        long begin = System.nanoTime();
        report.check();
        if (!(external > 0 && external < 1) || localSteps < 1 || windows < 1) {
            throw new UserError(
                    "--external is " + external + ", --local-steps " + localSteps + " and --windows " + windows,
                    "give a share between 0 and 1, and at least one step and one window");
        }
        SimulatedSites simulated = cohort.sites();
        ModelFolder.Contents start = starts.read(report.seed());
        ModelConfiguration configuration = start.configuration();
        TrainingPlan plan = plan(configuration);
        int minimumFrames = plan.minimumFrames() == 0 ? configuration.windowFrames() : plan.minimumFrames();
        PooledCohort pooled = cohort.admit(simulated, configuration.parcels(), minimumFrames);
        List<ReconstructionSite> sites = sites(simulated, pooled);
        Map<String, List<PatientSums>> scores = scores(sites, plan, start);
        String preset = start.metadata().getOrDefault("preset", configuration.preset());
        ScoreTable table = ReconstructionTable.of(sites, scores, preset, report.seed(), limits(sites, plan));
        report.finish(
                new ScoreReport(table, settings(preset, configuration, pooled, sites, plan), RunCost.since(begin)),
                facts);
        return 0;
    }

    private TrainingPlan plan(ModelConfiguration configuration) {
        try {
            return new TrainingPlan(
                    report.steps(steps, STEPS),
                    batch,
                    learningRate,
                    Schedule.COSINE,
                    WARM_UP_FRACTION,
                    AdamSettings.DEFAULT.withWeightDecay(WEIGHT_DECAY),
                    1,
                    0,
                    OptionalDouble.empty(),
                    masking.masking(configuration, configuration.maskRatio()),
                    masking.minimumFrames(),
                    report.seed(),
                    Duration.ZERO,
                    Long.MAX_VALUE);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "correct that option; --help lists them", e);
        }
    }

    private List<ReconstructionSite> sites(SimulatedSites simulated, PooledCohort pooled) {
        List<ReconstructionSite> sites = new ArrayList<>();
        for (int s = 0; s < simulated.names().size(); s++) {
            PooledCohort.Division division =
                    new PooledCohort(List.of(pooled.sites().get(s))).divide(external, report.seed());
            int held = division.heldOut().size();
            if (held < FEWEST_EXTERNAL) {
                throw new UserError(
                        "site " + simulated.names().get(s) + " has " + held + " external patients; an interval over"
                                + " patients needs at least " + FEWEST_EXTERNAL,
                        "raise --external, or leave that site away");
            }
            sites.add(new ReconstructionSite(
                    simulated.names().get(s),
                    PooledCohort.scans(division.training()),
                    PooledCohort.scans(division.heldOut())));
        }
        return sites;
    }

    private Map<String, List<PatientSums>> scores(
            List<ReconstructionSite> sites, TrainingPlan plan, ModelFolder.Contents start) throws IOException {
        try (TrainableModel model = engines.open(start.configuration());
                StopSignal signal = new StopSignal()) {
            return new MultiSiteReconstruction(model, sites, plan, localSteps, windows, report.progress(facts))
                    .run(start.parameters());
        } catch (InterruptedException e) {
            throw new UserError("the comparison was stopped", "start it again; nothing was written", e);
        } catch (DivergedException e) {
            throw new UserError("training diverged: " + e.getMessage(), "lower --learning-rate", e);
        } catch (ScanException e) {
            throw PooledCohortOptions.damaged(e);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "correct that option; --help lists them", e);
        }
    }

    private List<String> limits(List<ReconstructionSite> sites, TrainingPlan plan) {
        int all = sites.stream().mapToInt(site -> site.training().size()).sum();
        return List.of(
                "Single and pooled take " + plan.steps() + " steps of " + plan.batchSize()
                        + " windows. So does every site of the federation, which together take " + sites.size()
                        + " times as many; a pooled model saw each of " + all
                        + " patients less often than a site its own.",
                "The federation averages every " + localSteps + " steps, weighted by patients, without privacy and"
                        + " without anything on the wire. Adam's moments stay at the sites; in a real study each round"
                        + " begins with fresh ones.",
                "Patients are divided once, by the seed. Intervals are over external patients and say nothing of"
                        + " another division or another start.",
                "R² is 1 − Σ(y − ŷ)² / Σ(y − ȳ)² over hidden values of all external patients of a site.");
    }

    private Map<String, Object> settings(
            String preset,
            ModelConfiguration configuration,
            PooledCohort pooled,
            List<ReconstructionSite> sites,
            TrainingPlan plan) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("preset", preset);
        settings.put("parameters", configuration.layout().parameterCount());
        settings.put("parcels", configuration.parcels());
        settings.put("window", configuration.windowFrames());
        settings.put("masking", plan.masking().toString());
        settings.put("steps", plan.steps());
        settings.put("local-steps", localSteps);
        settings.put("batch", plan.batchSize());
        settings.put("learning-rate", plan.learningRate());
        settings.put("external", external);
        settings.put("windows", windows);
        settings.put("seed", plan.seed());
        settings.put(
                "training-patients",
                sites.stream().mapToInt(site -> site.training().size()).sum());
        settings.put(
                "not-admitted",
                pooled.sites().stream().mapToInt(site -> site.rejected().size()).sum());
        return settings;
    }
}
