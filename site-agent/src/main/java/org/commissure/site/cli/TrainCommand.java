package org.commissure.site.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.training.CheckpointException;
import org.commissure.models.training.DivergedException;
import org.commissure.models.training.Evaluation;
import org.commissure.models.training.Masking;
import org.commissure.models.training.MetricsLog;
import org.commissure.models.training.Scan;
import org.commissure.models.training.ScanException;
import org.commissure.models.training.TrainingCurve;
import org.commissure.models.training.TrainingEvent;
import org.commissure.models.training.TrainingListener;
import org.commissure.models.training.TrainingOutcome;
import org.commissure.models.training.TrainingPlan;
import org.commissure.models.training.TrainingRun;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.PooledCohort;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a masked autoencoder on local cohorts, outside any federation. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = {
            "Train a model to predict hidden patches of fMRI series, on this machine and on these cohorts only.",
            "Some patients are held out; the run is scored on them beside two trivial predictions, the parcel's mean"
                    + " and linear interpolation. No noise is added: do not publish a model of patients who were not"
                    + " asked. Nothing here charges a federation's privacy ledger.",
            "Writes to the folder: config.json and model.safetensors at the end, curve.svg, metrics.jsonl, and"
                    + " checkpoint. A run that was stopped goes on with --resume and the same options, to the very same"
                    + " parameters."
        },
        footer = {
            "",
            "Example: three cohorts pooled, a fifth of the patients held out:",
            "  commissure site model train --cohort site-NYU --cohort site-UM1 --cohort site-YALE \\ \\",
            "      --coordinates CC200.tsv --out pretrained --preset commissure-small --epochs 60",
            "",
            "Go on training a model on other patients:",
            "  commissure site model train --from pretrained --cohort site-PITT --out tuned --learning-rate 1e-4"
        })
final class TrainCommand implements Callable<Integer> {
    static final String CHECKPOINT = "checkpoint";
    static final String CURVE = "curve.svg";
    static final String METRICS = "metrics.jsonl";
    private static final int EVALUATION_WINDOWS = 2;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private PooledCohortOptions cohorts = new PooledCohortOptions();

    @Mixin
    private MaskingOptions masking = new MaskingOptions();

    @Mixin
    private PlanOptions plans = new PlanOptions();

    @Mixin
    private EngineOptions engines = new EngineOptions();

    @Mixin
    private StartOptions starts = new StartOptions();

    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "folder to write to")
    private Path out = Path.of("");

    @Option(
            names = "--hold-out",
            paramLabel = "SHARE",
            description = "share of each cohort's patients to score on, 0 for none (default: ${DEFAULT-VALUE})")
    private double holdOut = 0.2;

    @Option(names = "--resume", description = "go on from the folder's checkpoint")
    private boolean resume;

    @Option(names = "--json", description = "print the facts as JSON at the end, and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (!(holdOut >= 0 && holdOut < 1)) {
            throw new UserError("--hold-out is " + holdOut, "give a share from 0 to below 1, for example 0.2");
        }
        ModelFolder.Contents start = starts.read(plans.seed());
        ModelConfiguration configuration = start.configuration();
        String name = start.metadata().getOrDefault("preset", configuration.preset());
        PooledCohort pooled = cohorts.read(configuration, masking.minimumFrames());
        PooledCohort.Division division = pooled.divide(holdOut, plans.seed());
        TrainingPlan plan = plans.plan(
                masking.masking(configuration, configuration.maskRatio()),
                division.training().size(),
                masking.minimumFrames());
        prepareFolder();
        PrintWriter print = Output.of(spec);
        TrainingReport report = new TrainingReport(print);
        MetricsLog metrics = new MetricsLog(out.resolve(METRICS), plan);
        if (!json) {
            report.start(pooled, division, name, configuration, plan);
        }
        try (TrainableModel model = engines.open(configuration)) {
            TrainingOutcome outcome = train(
                    model,
                    start.parameters(),
                    PooledCohort.scans(division.training()),
                    PooledCohort.scans(division.heldOut()),
                    plan,
                    listener(name, configuration, metrics, report));
            ModelFolder.write(out, configuration, outcome.parameters(), metadata(name, plan));
            curve(name, configuration, metrics);
            Map<String, Object> facts = facts(name, division, plan, outcome);
            if (json) {
                Output.json(print, facts);
            } else {
                report.end(out, outcome);
            }
        }
        return 0;
    }

    private TrainingListener listener(
            String name, ModelConfiguration configuration, MetricsLog metrics, TrainingReport report) {
        TrainingListener files = metrics.and(event -> {
            if (event instanceof TrainingEvent.Saved) {
                curve(name, configuration, metrics);
            }
        });
        return json ? files : files.and(report);
    }

    private void prepareFolder() {
        boolean begun = Files.exists(out.resolve(CHECKPOINT));
        if (begun && !resume) {
            throw new UserError(
                    out + " already holds a run", "continue it with --resume, or name another folder after --out");
        }
        if (!begun && resume) {
            throw new UserError(out + " holds no checkpoint to go on from", "start the run without --resume");
        }
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new UserError("cannot make the folder " + out, "check the path and its permissions", e);
        }
    }

    private TrainingOutcome train(
            TrainableModel model,
            float[] start,
            List<Scan> training,
            List<Scan> heldOut,
            TrainingPlan plan,
            TrainingListener listener)
            throws IOException {
        try (StopSignal signal = new StopSignal()) {
            Optional<Evaluation> evaluation = heldOut.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Evaluation(
                            model.configuration(),
                            heldOut,
                            EVALUATION_WINDOWS,
                            plan.masking(),
                            plan.minimumFrames(),
                            plan.seed()));
            TrainingRun run =
                    new TrainingRun(model, training, plan, evaluation, Optional.of(out.resolve(CHECKPOINT)), listener);
            return resume ? run.resume() : run.start(start);
        } catch (InterruptedException e) {
            throw new UserError(
                    "training was stopped; a checkpoint is in " + out, "go on with --resume and the same options", e);
        } catch (DivergedException e) {
            throw new UserError(
                    "training diverged: " + e.getMessage(),
                    "lower --learning-rate or --gradient-norm and start anew; the last checkpoint is from before",
                    e);
        } catch (ScanException e) {
            throw PooledCohortOptions.damaged(e);
        } catch (CheckpointException e) {
            throw new UserError(
                    e.getMessage() + "",
                    "repeat the options of the run you want to go on with, or start anew in another folder",
                    e);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "correct that option; --help lists them", e);
        }
    }

    /** What an evaluation must know to use the same masks and the same held-out patients. */
    private Map<String, String> metadata(String name, TrainingPlan plan) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("training_steps", Long.toString(plan.steps()));
        metadata.put("training_seed", Long.toString(plan.seed()));
        metadata.put("hold_out", Double.toString(holdOut));
        if (plan.masking() instanceof Masking.Random random) {
            metadata.put("mask_ratio", Double.toString(random.ratio()));
        }
        metadata.put("preset", name);
        return metadata;
    }

    private void curve(String name, ModelConfiguration configuration, MetricsLog metrics) throws IOException {
        TrainingCurve.write(
                out.resolve(CURVE),
                name + ", " + configuration.parcels() + " parcels × " + configuration.windowFrames() + " frames",
                metrics);
    }

    private Map<String, Object> facts(
            String name, PooledCohort.Division division, TrainingPlan plan, TrainingOutcome outcome) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("out", out.toString());
        facts.put("preset", name);
        facts.put("parameters", outcome.parameters().length);
        facts.put("device", outcome.device());
        facts.put("steps", plan.steps());
        facts.put("trainingPatients", division.training().size());
        facts.put("heldOutPatients", division.heldOut().size());
        outcome.scores().ifPresent(scores -> facts.put("scores", scores));
        outcome.best().ifPresent(best -> facts.put("best", best));
        return facts;
    }
}
