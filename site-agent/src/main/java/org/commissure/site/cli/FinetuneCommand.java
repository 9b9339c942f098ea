package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.finetune.FineTunedModel;
import org.commissure.models.finetune.FineTuning;
import org.commissure.models.finetune.HeadSettings;
import org.commissure.models.finetune.PatientSplit;
import org.commissure.models.finetune.TargetScale;
import org.commissure.models.finetune.Task;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a head on a pretrained encoder. */
@Command(
        name = "finetune",
        mixinStandardHelpOptions = true,
        description = {
            "Learn to predict a column of participants.tsv from a pretrained encoder's embedding of each patient.",
            "A fifth of the patients decides when to stop, and a fifth is only predicted: those are scored, beside what"
                    + " predicting the mean (or the commonest class), a ridge regression on functional connectivity, and"
                    + " nearest neighbours and a linear support vector machine on the frozen embeddings score on the same"
                    + " patients.",
            "The folder that is written holds the encoder and head.safetensors. It stays in the hospital: a head knows"
                    + " its patients' labels."
        },
        footer = {
            "",
            "Examples:",
            "  commissure site model finetune --model pretrained --cohort site-NYU --target age --task regression"
                    + " --frozen --out age-head",
            "  commissure site model finetune --model pretrained --cohort data --target sex --task classification"
                    + " --pool mean --trained --out sex-model"
        })
final class FinetuneCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ModelOnCohort subject = new ModelOnCohort();

    @Option(names = "--target", required = true, paramLabel = "COLUMN", description = "column of participants.tsv")
    private String target = "";

    @Option(names = "--task", required = true, paramLabel = "T", description = "regression or classification")
    private String task = "";

    @Mixin
    private PoolingOption pool = new PoolingOption();

    @ArgGroup
    private Encoder encoder = new Encoder();

    private static final class Encoder {
        @SuppressWarnings("UnusedVariable") // says what is the default anyway, and excludes --trained
        @Option(names = "--frozen", description = "train the head only (the default)")
        private boolean frozen;

        @Option(names = "--trained", description = "train the encoder with it, at a tenth of the rate")
        private boolean trained;
    }

    @Option(
            names = "--scale",
            paramLabel = "S",
            description = "of a regression's targets; z: mean 0, variance 1; log: log(1 + x) / max, for symptom scores"
                    + " (default: ${DEFAULT-VALUE})")
    private String scale = "z";

    @Option(
            names = "--windows",
            paramLabel = "N",
            description = "windows a patient at most, side by side (default: ${DEFAULT-VALUE})")
    private int windows = 4;

    @Option(names = "--epochs", paramLabel = "N", description = "epochs at most (default: 200 frozen, 30 trained)")
    private int epochs;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "of the split, first weights, order and dropout (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "folder to write")
    private Path out = Path.of("");

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    @Override
    public Integer call() {
        if (windows < 1 || epochs < 0) {
            throw new UserError(
                    "--windows is " + windows + " and --epochs " + epochs, "give at least one window and one epoch");
        }
        Task kind =
                choice("--task", task, Map.of("regression", Task.REGRESSION, "classification", Task.CLASSIFICATION));
        Pooling pooling = pool.chosen();
        TargetScale.Kind scaling =
                choice("--scale", scale, Map.of("z", TargetScale.Kind.Z_SCORE, "log", TargetScale.Kind.LOG_MAX));
        ModelFolder.Contents contents = subject.contents();
        var labels = Labels.of(subject.cohort(contents.configuration(), 0), target, kind);
        var patients = FinetunePatients.read(contents.configuration(), labels, windows);
        HeadSettings settings = kind == Task.REGRESSION
                ? HeadSettings.regression(pooling, encoder.trained, seed).withScaling(scaling)
                : HeadSettings.classification(labels.classes().size(), pooling, encoder.trained, seed);
        if (epochs > 0) {
            settings = settings.withEpochs(epochs, settings.patience());
        }
        try (TrainableModel engine = subject.open(contents)) {
            PatientSplit split = PatientSplit.of(patients.windows(), seed);
            double[][] frozen = patients.embeddings(engine, pooling);
            try (FineTunedModel tuned = FineTuning.fit(
                    engine,
                    PatientSplit.of(split.training(), patients.windows()),
                    PatientSplit.of(split.validation(), patients.windows()),
                    settings)) {
                var report = new FinetuneReport(labels, patients, frozen, split, tuned);
                tuned.save(out, Map.of("target", target, "classes", String.join("\t", labels.classes())));
                report.print(Output.of(spec), json, out);
            }
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "column " + target + " cannot be learnt: " + e.getMessage(),
                    "look at the column, or add patients",
                    e);
        } catch (ArithmeticException e) {
            throw new UserError(
                    "training diverged: " + e.getMessage(), "try --frozen, or check the series with cohort check", e);
        } catch (IOException e) {
            throw new UserError("cannot write " + out, "check the path, its permissions and free space", e);
        }
        return 0;
    }

    private static <T> T choice(String option, String given, Map<String, T> choices) {
        T chosen = choices.get(given.toLowerCase(Locale.ROOT));
        if (chosen == null) {
            throw new UserError(
                    option + " is '" + given + "'",
                    "choose "
                            + String.join(
                                    " or ", choices.keySet().stream().sorted().toList()));
        }
        return chosen;
    }
}
