package org.commissure.site.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.evaluation.ReconstructionSums;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.training.Evaluation;
import org.commissure.models.training.ScanException;
import org.commissure.models.training.Scores;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.PooledCohort;
import org.commissure.site.cohort.Subject;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scores a model on local cohorts. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = {
            "Hide patches of every patient's series and say how well the model predicts them.",
            "R² is 1 for a perfect prediction and 0 for the mean of all hidden values. Beside it, for the very same"
                    + " patches: the parcel's visible mean, and the straight line between visible patches."
        },
        footer = {
            "",
            "Example: the patients that this model's training held out:",
            "  commissure site model evaluate --model pretrained --cohort site-NYU --held-out",
            "",
            "How well the last patch follows from those before:",
            "  commissure site model evaluate --model pretrained --cohort site-PITT --mode future --json"
        })
final class EvaluateCommand implements Callable<Integer> {
    @Mixin
    private ModelOnCohort subject = new ModelOnCohort();

    @Mixin
    private MaskingOptions masking = new MaskingOptions();

    @Option(
            names = "--held-out",
            description = "only the patients that this model's training held out of these cohorts")
    private boolean heldOut;

    @Option(
            names = "--windows",
            paramLabel = "N",
            description = "windows a patient, spread evenly (default: ${DEFAULT-VALUE})")
    private int windows = 2;

    @Option(names = "--seed", paramLabel = "N", description = "decides the masks (default: the training's, or 1)")
    private @Nullable Long seed;

    @Option(names = "--per-parcel", description = "state the model's R² of every parcel as well")
    private boolean perParcel;

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        ModelFolder.Contents contents = subject.contents();
        ModelConfiguration configuration = contents.configuration();
        TrainingRecord training = new TrainingRecord(subject.folder(), contents);
        List<Subject> subjects = subjects(contents, training);
        long masks = seed == null ? training.seed() : seed;
        List<ReconstructionSums> byParcel;
        String device;
        try (TrainableModel engine = subject.open(contents)) {
            device = engine.device();
            byParcel = new Evaluation(
                            configuration,
                            PooledCohort.scans(subjects),
                            windows,
                            masking.masking(configuration, training.maskRatio()),
                            masking.minimumFrames(),
                            masks)
                    .sumsByParcel(engine);
        } catch (ScanException e) {
            throw PooledCohortOptions.damaged(e);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "correct that option; --help lists them", e);
        } catch (InterruptedException e) {
            throw new UserError("the evaluation was stopped", "start it again", e);
        }
        ReconstructionSums all = new ReconstructionSums();
        byParcel.forEach(all::add);
        print(subjects.size(), device, scores(all), byParcel);
        return 0;
    }

    private List<Subject> subjects(ModelFolder.Contents contents, TrainingRecord training) {
        PooledCohort pooled = subject.cohort(contents.configuration(), masking.minimumFrames());
        return heldOut ? training.divide(pooled).heldOut() : pooled.subjects();
    }

    private static Scores scores(ReconstructionSums sums) {
        try {
            return Scores.of(sums);
        } catch (IllegalStateException e) {
            throw new UserError(
                    "the hidden values of these patients do not vary, so R² does not exist", "check the series", e);
        }
    }

    private void print(int patients, String device, Scores scores, List<ReconstructionSums> byParcel) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("patients", patients);
        facts.put("device", device);
        facts.put("values", scores.values());
        facts.put("meanSquaredError", scores.meanSquaredError());
        facts.put("r2", scores.r2());
        facts.put("r2Interpolation", scores.r2Interpolation());
        facts.put("r2ParcelMean", scores.r2ParcelMean());
        List<Double> r2 = new ArrayList<>();
        if (perParcel) {
            byParcel.forEach(sums -> r2.add(scores(sums).r2()));
            facts.put("r2ByParcel", r2);
        }
        output.print(facts, lines -> {
            lines.println(patients + " patients: " + TrainingReport.text(scores));
            for (int parcel = 0; parcel < r2.size(); parcel++) {
                lines.printf("parcel %d\t%.4f%n", parcel + 1, r2.get(parcel));
            }
        });
    }
}
