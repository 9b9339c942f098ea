package org.commissure.site.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.durable.AtomicFile;
import org.commissure.models.future.FutureScores;
import org.commissure.models.future.FutureStudy;
import org.commissure.models.future.HorizonChart;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.training.ScanException;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.PooledCohort;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How well a model predicts the next frames, beside what it has to beat. */
@Command(
        name = "future",
        mixinStandardHelpOptions = true,
        description = {
            "Predict the last frames of windows from the frames before, with a model and with what it has to beat: the"
                    + " same model before training, an LSTM, a neural differential equation, an autoregression of first"
                    + " order for each parcel, and the last frame seen.",
            "The LSTM and the equation are trained and the autoregression is fitted by this command, on the patients"
                    + " that the model trained on; everything is scored on the patients its training held out. A model"
                    + " that was trained with --mode future knows the task best. With windows of 200 frames and the"
                    + " default horizon, 180 frames are seen and 20 predicted.",
            "Writes to the folder: future.tsv, R² and mean squared error by step with intervals (patients are"
                    + " resampled); future.svg; future.json."
        },
        footer = {
            "",
            "Example:",
            "  commissure site model train --cohort site-NYU --coordinates CC200.tsv --out next --mode future",
            "  commissure site model future --model next --cohort site-NYU --out next/future"
        })
final class FutureCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ModelOnCohort subject = new ModelOnCohort();

    @Option(
            names = "--horizon",
            paramLabel = "N",
            description =
                    "frames to predict, whole patches; the rest of the window is seen (default:" + " ${DEFAULT-VALUE})")
    private int horizon = 20;

    @Option(
            names = "--minimum-frames",
            paramLabel = "N",
            description = "take scans from this many frames on; those shorter than the window have a shorter past"
                    + " (default: the window)")
    private int minimumFrames;

    @Option(
            names = "--windows",
            paramLabel = "N",
            description =
                    "windows a patient, spread evenly over all scans; at least as many as any patient has scans (default:"
                            + " ${DEFAULT-VALUE})")
    private int windows = 2;

    @Option(names = "--lstm-steps", paramLabel = "N", description = "training steps (default: ${DEFAULT-VALUE})")
    private int lstmSteps = 300;

    @Option(names = "--ode-steps", paramLabel = "N", description = "training steps (default: ${DEFAULT-VALUE})")
    private int odeSteps = 300;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "of first weights, training and resampling (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder to write to")
    private Path out = Path.of("");

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        FutureStudy study = study();
        ModelFolder.Contents contents = subject.contents();
        if (!(contents.configuration() instanceof BrainLmConfiguration configuration)) {
            throw new UserError(
                    "the tokens of a " + contents.configuration().preset() + " model are not parcel × time",
                    "choose a commissure or brainlm-13m model");
        }
        PooledCohort.Division division =
                new TrainingRecord(subject.folder(), contents).divide(subject.cohort(configuration, minimumFrames));
        FutureScores scores = scores(study, contents, configuration, division);
        Map<String, Object> facts = facts(scores, division);
        try {
            Files.createDirectories(out);
            AtomicFile.write(out.resolve("future.tsv"), table(scores));
            AtomicFile.write(
                    out.resolve("future.svg"),
                    HorizonChart.svg("The next " + horizon + " frames, " + scores.patients() + " patients", scores));
            AtomicFile.write(out.resolve("future.json"), Output.text(facts) + "\n");
        } catch (IOException e) {
            throw new UserError("cannot write to " + out, "check the path, its permissions and free space", e);
        }
        output.print(facts, lines -> print(lines, scores));
        return 0;
    }

    private FutureStudy study() {
        try {
            return new FutureStudy(horizon, minimumFrames, windows, lstmSteps, odeSteps, seed);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "correct that option; --help lists them", e);
        }
    }

    private FutureScores scores(
            FutureStudy study,
            ModelFolder.Contents contents,
            BrainLmConfiguration configuration,
            PooledCohort.Division division) {
        try (TrainableModel engine = subject.open(contents)) {
            return study.of(
                    engine,
                    contents.parameters(),
                    configuration.coordinatesMillimetres(),
                    PooledCohort.scans(division.training()),
                    PooledCohort.scans(division.heldOut()),
                    listener());
        } catch (ScanException e) {
            throw PooledCohortOptions.damaged(e);
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "the future cannot be predicted like this: " + e.getMessage(),
                    "choose a --horizon of whole patches that leaves a past",
                    e);
        } catch (ArithmeticException e) {
            throw new UserError(
                    "training diverged: " + e.getMessage(), "check the series with cohort check, or try --seed", e);
        } catch (IOException e) {
            throw new UserError("training cannot go on: " + e.getMessage(), "check the series with cohort check", e);
        } catch (InterruptedException e) {
            throw new UserError("the study was stopped", "start it again", e);
        }
    }

    private FutureStudy.Listener listener() {
        if (output.asJson()) {
            return (stage, done, all) -> {};
        }
        Map<String, ProgressLines> stages = new LinkedHashMap<>();
        PrintWriter errors = Output.errors(spec);
        return (stage, done, all) ->
                stages.computeIfAbsent(stage, name -> new ProgressLines(errors)).at(stage, done, all);
    }

    private static String table(FutureScores scores) {
        StringBuilder text = new StringBuilder("method\tstep\tr2\tr2_low\tr2_high\tmse\tmse_low\tmse_high\n");
        for (FutureScores.Method method : scores.methods()) {
            for (int step = 0; step < scores.horizon(); step++) {
                var r2 = method.r2ByStep().get(step);
                var mse = method.meanSquaredErrorByStep().get(step);
                text.append(String.format(
                        Locale.ROOT,
                        "%s\t%d\t%.5f\t%.5f\t%.5f\t%.5f\t%.5f\t%.5f\n",
                        method.name(),
                        step + 1,
                        r2.estimate(),
                        r2.low(),
                        r2.high(),
                        mse.estimate(),
                        mse.low(),
                        mse.high()));
            }
        }
        return text.toString();
    }

    private Map<String, Object> facts(FutureScores scores, PooledCohort.Division division) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("out", out.toString());
        facts.put("trainingPatients", division.training().size());
        facts.put("patients", scores.patients());
        facts.put("windows", scores.windows());
        facts.put("horizonFrames", scores.horizon());
        List<Map<String, Object>> methods = new ArrayList<>();
        for (FutureScores.Method method : scores.methods()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("method", method.name());
            one.put("r2", method.r2());
            one.put("meanSquaredError", method.meanSquaredError());
            one.put("r2MinusModel", method.lead());
            one.put("r2ByStep", method.r2ByStep());
            one.put("meanSquaredErrorByStep", method.meanSquaredErrorByStep());
            methods.add(one);
        }
        facts.put("methods", methods);
        return facts;
    }

    private void print(PrintWriter lines, FutureScores scores) {
        lines.println("the next " + scores.horizon() + " frames of " + scores.windows() + " windows, "
                + scores.patients() + " held-out patients; R² with 95 % intervals");
        int middle = scores.horizon() / 2;
        for (FutureScores.Method method : scores.methods()) {
            lines.println(String.format(
                    Locale.ROOT,
                    "  %-28s %s  frame 1 %.3f, frame %d %.3f, frame %d %.3f  minus the model %s",
                    method.name(),
                    IntervalText.of(method.r2()),
                    method.r2ByStep().getFirst().estimate(),
                    middle + 1,
                    method.r2ByStep().get(middle).estimate(),
                    scores.horizon(),
                    method.r2ByStep().getLast().estimate(),
                    IntervalText.of(method.lead())));
        }
        lines.println("wrote future.tsv, future.svg and future.json to " + out);
    }
}
