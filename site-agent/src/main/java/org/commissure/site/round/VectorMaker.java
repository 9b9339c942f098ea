package org.commissure.site.round;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.privacy.dp.GaussianNoise;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.compute.LocalTraining;
import org.commissure.site.compute.LocalWorkException;
import org.commissure.site.compute.ModelShape;
import org.commissure.site.compute.Patient;
import org.commissure.site.compute.UpdateEncoding;
import org.commissure.site.compute.WorkProgress;
import org.commissure.site.connection.CoordinatorLink;
import org.commissure.site.connection.TransferRefusedException;
import org.commissure.site.evaluation.ExternalEvaluation;
import org.commissure.site.evaluation.ExternalPatient;
import org.commissure.site.storage.SealStore;

/** Turns an accepted invitation into the vector that the site adds to the sum. Thread-safe. */
final class VectorMaker {
    private final CoordinatorLink link;
    private final SealedCohorts cohorts;
    private final SealStore seals;
    private final Function<BrainLmConfiguration, MaskedAutoencoder> engine;
    private final SecureRandom random;

    VectorMaker(
            CoordinatorLink link,
            SealedCohorts cohorts,
            SealStore seals,
            Function<BrainLmConfiguration, MaskedAutoencoder> engine,
            SecureRandom random) {
        this.link = link;
        this.cohorts = cohorts;
        this.seals = seals;
        this.engine = engine;
        this.random = random;
    }

    /** All that the worker needs to know. */
    record Task(
            SumId sum,
            Study study,
            ByteString modelSha256,
            long parameterCount,
            List<Patient> internal,
            List<ExternalPatient> external) {
        @Override
        public String toString() {
            return "Task[" + SumInProgress.describe(sum) + "]";
        }
    }

    /** @throws UserError if the cohort cannot be read, or is not the sealed one any more */
    Task task(SumInProgress sum) {
        SealedCohorts.Split split = cohorts.of(sum.study());
        if (seals.find(sum.id().getRunId())
                .filter(seal -> SealedCohorts.fits(seal, split))
                .isEmpty()) {
            throw new UserError(
                    "this site's cohort has changed since it was sealed for the run",
                    "restore the data folder as it was, or start a new run");
        }
        return new Task(
                sum.id(),
                sum.study(),
                sum.asked().getModelSha256(),
                sum.asked().getParameterCount(),
                split.internal(),
                split.external());
    }

    int[] make(Task task) throws LocalWorkException, TransferRefusedException, IOException, InterruptedException {
        float[] parameters = link.model(task.modelSha256(), task.parameterCount());
        BrainLmConfiguration shape = ModelShape.of(task.study());
        try (MaskedAutoencoder model = engine.apply(shape)) {
            return task.sum().getKind() == SumKind.TRAIN
                    ? train(task, parameters, model, shape)
                    : evaluate(task, parameters, model, shape);
        }
    }

    private int[] train(Task task, float[] parameters, MaskedAutoencoder model, BrainLmConfiguration shape)
            throws LocalWorkException, InterruptedException {
        Study study = task.study();
        int weight = UpdateEncoding.weight(task.internal().size(), study);
        LocalTraining training =
                new LocalTraining(model, shape, study, new PatientSampler(random), new GaussianNoise(random));
        float[] update = training.update(parameters, task.internal(), weight, seeded(task), progress(task, "training"));
        return UpdateEncoding.encode(update, weight, study, RandomGenerator.of("L64X128MixRandom"));
    }

    private int[] evaluate(Task task, float[] parameters, MaskedAutoencoder model, BrainLmConfiguration shape)
            throws LocalWorkException, InterruptedException {
        model.loadParameters(parameters);
        double[] sums = new ExternalEvaluation(model, shape, task.study().evaluation())
                .sums(task.external(), progress(task, "evaluating"));
        return ExactSums.encode(sums);
    }

    private WorkProgress progress(Task task, String activity) {
        return new ProgressReports(link, task.sum(), activity);
    }

    /** Windows and masks: the same for the same attempt, others for another. */
    private static RandomGenerator seeded(Task task) {
        long seed = task.study().training().seed() * 31 + task.sum().getRound();
        return RandomGeneratorFactory.of("L64X128MixRandom")
                .create(seed * 31 + task.sum().getAttempt());
    }
}
