package org.commissure.site.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.models.multisite.ClassificationDesign;
import org.commissure.models.multisite.MultiSiteClassification;
import org.commissure.models.multisite.ProgressListener;
import org.commissure.models.multisite.Strategy;
import org.commissure.models.multisite.StrategyScores;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.PooledCohort;
import org.commissure.site.science.ConnectivityCohort;
import org.commissure.site.science.PaperTable;
import org.commissure.site.science.RunCost;
import org.commissure.site.science.ScoreReport;
import org.commissure.site.science.ScoreTable;
import org.commissure.site.science.SimulatedSites;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reruns the design of Li et al. (2020). */
@Command(
        name = "paper-table",
        mixinStandardHelpOptions = true,
        description = {
            "Rerun the design of Li et al. 2020 (Medical Image Analysis 65:101765): two classes of patients told apart"
                    + " by functional connectivity.",
            "A perceptron reads the Fisher-z correlations of short windows and a patient is what most of their windows"
                    + " say. It is trained at each site (single), at one site for the others (cross), by federated"
                    + " averaging, and on all sites' patients (mix), in cross-validation by patient: no patient or"
                    + " family is on both sides. Beside it a ridge on whole scans' connectivity, the larger class's"
                    + " share, and the published accuracies with the differences in design.",
            "Everything runs in this process, on data that lies on this machine: the sites are simulated. No real"
                    + " federation is contacted and none of its data is pooled."
        },
        footer = {
            "",
            "Examples:",
            "  commissure science paper-table --data abide1 --sites NYU,UM1,PITT,YALE --noise 0.01 --out paper-table",
            "  commissure science paper-table --data abide1 --sites PITT,YALE --quick --json"
        })
final class PaperTableCommand implements Callable<Integer> {
    private static final int STEPS = 100;
    private static final String PAPERS_ATLAS = "HO";
    private static final int PAPERS_PARCELS = 111;
    private static final int USUAL_PARCELS = 200;

    @Mixin
    private SimulatedSitesOptions cohort = new SimulatedSitesOptions();

    @Mixin
    private ScoreReportOptions report = new ScoreReportOptions();

    @Mixin
    private FactsOption facts = new FactsOption();

    @Option(
            names = "--target",
            paramLabel = "COLUMN",
            description = "column of participants.tsv with two values (default: ${DEFAULT-VALUE})")
    private String target = "diagnosis";

    @Option(
            names = "--parcels",
            paramLabel = "N",
            description = "parcels of the series (default: " + PAPERS_PARCELS
                    + ", Harvard-Oxford as in the paper, where every site" + " has such series; else " + USUAL_PARCELS
                    + ")")
    private @Nullable Integer parcels;

    @Option(names = "--window", paramLabel = "FRAMES", description = "of one window (default: ${DEFAULT-VALUE})")
    private int window = 32;

    @Option(
            names = "--stride",
            paramLabel = "FRAMES",
            description = "from one window to the next; the paper's 1 takes eight times the memory of 8 (default:"
                    + " ${DEFAULT-VALUE})")
    private int stride = 8;

    @Option(names = "--folds", paramLabel = "N", description = "at least 3 (default: ${DEFAULT-VALUE})")
    private int folds = 5;

    @Option(names = "--hidden", paramLabel = "N", description = "hidden units (default: ${DEFAULT-VALUE})")
    private int hidden = 16;

    @Option(
            names = "--dropout",
            paramLabel = "P",
            description = "of inputs and hidden values (default: ${DEFAULT-VALUE})")
    private double dropout = 0.5;

    @Option(names = "--steps", paramLabel = "N", description = "optimiser steps of every site (default: " + STEPS + ")")
    private @Nullable Integer steps;

    @Option(
            names = "--local-steps",
            paramLabel = "N",
            description = "steps between two averages (default: ${DEFAULT-VALUE})")
    private int localSteps = 20;

    @Option(names = "--batch", paramLabel = "N", description = "windows a step (default: ${DEFAULT-VALUE})")
    private int batch = 32;

    @Option(names = "--learning-rate", paramLabel = "R", description = "of Adam (default: ${DEFAULT-VALUE})")
    private double learningRate = 1e-4;

    @Option(names = "--weight-decay", paramLabel = "D", description = "AdamW's (default: ${DEFAULT-VALUE})")
    private double weightDecay = 0.05;

    @Option(
            names = "--noise",
            paramLabel = "LEVEL",
            description =
                    "train a second federation whose sites add Gaussian noise to what they share, of this standard"
                            + " deviation relative to each tensor's own, as in the paper. It is no differential privacy"
                            + " (default: ${DEFAULT-VALUE}, off)")
    private double noise;

    @Override
    public Integer call() {
        long begin = System.nanoTime();
        report.check();
        if (window < 4 || stride < 1) {
            throw new UserError(
                    "--window is " + window + " and --stride " + stride,
                    "give windows of at least 4 frames and a stride of at least 1");
        }
        ClassificationDesign design = design();
        SimulatedSites simulated = cohort.sites();
        PooledCohort pooled = cohort.admit(simulated, parcels(simulated), window);
        ConnectivityCohort patients = ConnectivityCohort.of(
                simulated, pooled, target, new ConnectivityCohort.Windowing(window, stride), report.progress(facts));
        ScoreTable table = PaperTable.of(
                patients, scores(patients, design), new PaperTable.Setting(target, window, stride, design));
        report.finish(new ScoreReport(table, settings(patients, pooled, design), RunCost.since(begin)), facts);
        return 0;
    }

    private int parcels(SimulatedSites simulated) {
        if (parcels != null && parcels < 2) {
            throw new UserError("--parcels is " + parcels, "give the number of parcels of the series");
        }
        return parcels != null ? parcels : simulated.allHold(PAPERS_ATLAS) ? PAPERS_PARCELS : USUAL_PARCELS;
    }

    private ClassificationDesign design() {
        try {
            return new ClassificationDesign(
                    folds,
                    hidden,
                    dropout,
                    report.steps(steps, STEPS),
                    localSteps,
                    batch,
                    learningRate,
                    weightDecay,
                    noise,
                    report.seed());
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "correct that option; --help lists them", e);
        }
    }

    private Map<Strategy, List<StrategyScores>> scores(ConnectivityCohort patients, ClassificationDesign design) {
        ProgressListener progress = report.progress(facts);
        try (var comparison = new MultiSiteClassification(patients.sites(), design, progress)) {
            return comparison.run();
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()) + " (classes are " + String.join(", ", patients.classes())
                            + ", counted from 0)",
                    "see 'commissure cohort check' for who is not admitted and why; leave that site away, or take"
                            + " fewer --folds",
                    e);
        } catch (ArithmeticException e) {
            throw new UserError("training diverged: " + e.getMessage(), "lower --learning-rate", e);
        }
    }

    private Map<String, Object> settings(
            ConnectivityCohort patients, PooledCohort pooled, ClassificationDesign design) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("target", target);
        settings.put("parcels", pooled.sites().getFirst().rules().parcels());
        settings.put("window", window);
        settings.put("stride", stride);
        settings.put("folds", design.folds());
        settings.put("hidden", design.hidden());
        settings.put("dropout", design.dropout());
        settings.put("steps", design.steps());
        settings.put("local-steps", design.localSteps());
        settings.put("batch", design.batch());
        settings.put("learning-rate", design.learningRate());
        settings.put("weight-decay", design.weightDecay());
        settings.put("noise", design.noise());
        settings.put("seed", design.seed());
        settings.put(
                "not-admitted",
                pooled.sites().stream().mapToInt(site -> site.rejected().size()).sum());
        settings.put("without-target", patients.unknown());
        return settings;
    }
}
