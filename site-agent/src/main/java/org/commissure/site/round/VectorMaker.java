package org.commissure.site.round;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.training.Scan;
import org.commissure.privacy.dp.DistributedNoise;
import org.commissure.privacy.dp.GaussianNoise;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.privacy.secagg.PlainVector;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.FineTuneVector;
import org.commissure.protocol.study.RegionalPlan;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudySums;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.cohort.SealedSplit;
import org.commissure.site.compute.Attempt;
import org.commissure.site.compute.DistributedGradient;
import org.commissure.site.compute.LocalTraining;
import org.commissure.site.compute.LocalWorkException;
import org.commissure.site.compute.ModelShape;
import org.commissure.site.compute.OwnState;
import org.commissure.site.compute.OwnStateFile;
import org.commissure.site.compute.PatientGradient;
import org.commissure.site.compute.ReconstructionGradient;
import org.commissure.site.compute.SingleSiteModel;
import org.commissure.site.compute.TrainingCheckpoint;
import org.commissure.site.compute.UpdateEncoding;
import org.commissure.site.compute.WorkProgress;
import org.commissure.site.connection.CoordinatorLink;
import org.commissure.site.connection.TransferRefusedException;
import org.commissure.site.evaluation.ExternalEvaluation;
import org.commissure.site.evaluation.ExternalPatient;
import org.commissure.site.finetune.FineTuneWork;
import org.commissure.site.finetune.LabelledGradient;
import org.commissure.site.phenotype.PhenotypeCohort;
import org.commissure.site.phenotype.PhenotypeTask;
import org.commissure.site.phenotype.PhenotypeWork;
import org.commissure.site.regional.RegionalCohort;
import org.commissure.site.regional.RegionalTask;
import org.commissure.site.regional.RegionalWork;
import org.commissure.site.storage.SealStore;

/** Turns an accepted invitation into the vector that the site adds to the sum. Thread-safe. */
final class VectorMaker {
    /** What a kill costs at most, beside the step that was under way. */
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(20);

    private final CoordinatorLink link;
    private final SealedCohorts cohorts;
    private final SealStore seals;
    private final Function<ModelConfiguration, MaskedAutoencoder> engine;
    private final RegionalWork regional;
    private final PhenotypeWork phenotype;
    private final FineTuneWork fineTuning;
    private final SecureRandom random;

    VectorMaker(
            CoordinatorLink link,
            SealedCohorts cohorts,
            SealStore seals,
            Function<ModelConfiguration, MaskedAutoencoder> engine,
            RegionalWork regional,
            SecureRandom random) {
        this.link = link;
        this.cohorts = cohorts;
        this.seals = seals;
        this.engine = engine;
        this.regional = regional;
        this.random = random;
        this.phenotype = new PhenotypeWork(random);
        this.fineTuning = new FineTuneWork(random);
    }

    /** All that the worker needs to know. */
    record Task(
            SumId sum,
            Study study,
            ByteString modelSha256,
            long parameterCount,
            List<Scan> internal,
            List<ExternalPatient> external,
            TrainingCheckpoint checkpoint,
            SealedSplit subjects,
            boolean elected,
            double clipNorm,
            Optional<DistributedNoise> noise,
            ByteString initialModelSha256,
            SingleSiteModel alone,
            ByteString controlSha256,
            Optional<OwnStateFile> own,
            Path pendingOwn) {
        @Override
        public String toString() {
            return "Task[" + SumInProgress.describe(sum) + "]";
        }
    }

    /** @throws UserError if the cohort cannot be read, or is not the sealed one any more */
    Task task(SumInProgress sum, Path checkpoint, Path own, Path pendingOwn) {
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
                split.external(),
                new TrainingCheckpoint(checkpoint, facts(sum, split), CHECKPOINT_INTERVAL),
                split.subjects(),
                elected(sum),
                sum.asked().getClipNorm(),
                noise(sum),
                sum.asked().getInitialModelSha256(),
                new SingleSiteModel(
                        checkpoint.resolveSibling(
                                sum.id().getRunId().replaceAll("[^A-Za-z0-9_-]", "_") + SingleSiteModel.SUFFIX),
                        runFacts(sum, split)),
                sum.asked().getControlSha256(),
                OwnStateFile.of(own, sum.study()),
                pendingOwn);
    }

    /** What is kept from round to round of a run must be of this. */
    private static Map<String, String> runFacts(SumInProgress sum, SealedCohorts.Split split) {
        return Map.of(
                "run", sum.id().getRunId(),
                "study", HexFormat.of().formatHex(sum.studyFile().sha256()),
                "cohort", SealingPhase.hex(split.internalSha256()) + "-" + split.consentVersion());
    }

    /** What a checkpoint must be of, so that this attempt may go on from it. */
    private static Map<String, String> facts(SumInProgress sum, SealedCohorts.Split split) {
        return Map.of(
                "run", sum.id().getRunId(),
                "round", Integer.toString(sum.id().getRound()),
                "attempt", Integer.toString(sum.id().getAttempt()),
                "model", SealingPhase.hex(sum.asked().getModelSha256()),
                "study", HexFormat.of().formatHex(sum.studyFile().sha256()),
                "cohort", SealingPhase.hex(split.internalSha256()) + "-" + split.consentVersion());
    }

    /** Whether this site fits, where the sum is one of kind FIT. */
    private static boolean elected(SumInProgress sum) {
        return sum.study()
                .regional()
                .map(plan -> Election.isElected(
                        plan.fit(), sum.secrets().config(), sum.secrets().index()))
                .orElse(false);
    }

    PlainVector make(Task task) throws LocalWorkException, TransferRefusedException, IOException, InterruptedException {
        float[] parameters = link.model(task.modelSha256(), task.parameterCount());
        if (task.study().published().isPresent()) {
            return published(task, parameters);
        }
        if (task.study().finetune().isPresent()) {
            return fineTuned(task, parameters);
        }
        ModelConfiguration shape = ModelShape.of(task.study());
        try (MaskedAutoencoder model = engine.apply(shape)) {
            if (task.sum().getKind() != SumKind.TRAIN) {
                return evaluate(task, parameters, model, shape);
            }
            PlainVector update =
                    train(task, parameters, ReconstructionGradient.of(model, shape, task.study()), task.internal());
            if (task.study().comparesSingleSites()) {
                var unused = alone(task, model, shape);
            }
            return update;
        }
    }

    private PlainVector fineTuned(Task task, float[] parameters)
            throws LocalWorkException, TransferRefusedException, IOException, InterruptedException {
        Study study = task.study();
        SumKind kind = task.sum().getKind();
        int trained = FineTuneVector.of(study).trained();
        if (kind != SumKind.TRAIN && kind != SumKind.EVALUATE) {
            return PlainVector.of(
                    phenotype.vector(baselines(task, parameters, trained), progress(task, "fitting baselines")));
        }
        double[] own;
        try (LabelledGradient model = fineTuning.open(task.sum().getRunId(), study, this::frozen)) {
            float[] changes = Arrays.copyOf(parameters, trained);
            if (kind == SumKind.TRAIN) {
                return train(task, changes, model, FineTuneWork.patients(task.subjects(), study));
            }
            model.load(changes);
            own = fineTuning.scores(model, study, task.subjects(), task.external(), progress(task, "evaluating"));
        }
        if (!StudySums.scoresBaselines(study, task.sum().getRound())) {
            return PlainVector.of(ExactSums.encode(own));
        }
        double[] beside =
                phenotype.values(baselines(task, parameters, trained), progress(task, "evaluating baselines"));
        return PlainVector.of(ExactSums.encode(
                DoubleStream.concat(Arrays.stream(own), Arrays.stream(beside)).toArray()));
    }

    /** This site's part in a sum of a fine-tuning's baselines, whose published blocks follow what is trained. */
    private PhenotypeTask baselines(Task task, float[] parameters, int trained) {
        return new PhenotypeTask(
                task.sum().getRunId(),
                task.sum().getKind(),
                task.study().baselines().orElseThrow(),
                PhenotypeCohort.of(task.subjects(), task.external()),
                IntStream.range(trained, parameters.length)
                        .mapToDouble(i -> parameters[i])
                        .toArray(),
                this::frozen);
    }

    private PlainVector published(Task task, float[] published)
            throws LocalWorkException, IOException, InterruptedException {
        double[] values = new double[published.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = published[i];
        }
        SumKind kind = task.sum().getKind();
        WorkProgress progress = progress(task, kind.name().toLowerCase(Locale.ROOT));
        if (task.study().phenotype().isPresent()) {
            return PlainVector.of(phenotype.vector(
                    new PhenotypeTask(
                            task.sum().getRunId(),
                            kind,
                            task.study().phenotype().get(),
                            PhenotypeCohort.of(task.subjects(), task.external()),
                            values,
                            this::frozen),
                    progress));
        }
        RegionalPlan plan = task.study().regional().orElseThrow();
        return PlainVector.of(regional.vector(
                new RegionalTask(
                        task.sum().getRunId(),
                        kind,
                        task.study(),
                        RegionalCohort.of(task.subjects(), plan),
                        task.elected(),
                        values),
                progress));
    }

    /** The released model that a study's encoder is; it comes by its hash, as every model does. */
    private float[] frozen(byte[] sha256, int count) throws LocalWorkException, IOException, InterruptedException {
        try {
            return link.model(ByteString.copyFrom(sha256), count);
        } catch (TransferRefusedException e) {
            throw new LocalWorkException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Optional<DistributedNoise> noise(SumInProgress sum) {
        return sum.id().getKind() == SumKind.TRAIN && sum.study().privacy().mode() == Study.PrivacyMode.DISTRIBUTED
                ? Optional.of(PrivacyCharge.noise(sum.secrets().config(), sum))
                : Optional.empty();
    }

    private PlainVector train(Task task, float[] parameters, PatientGradient gradient, List<? extends Scan> patients)
            throws LocalWorkException, TransferRefusedException, IOException, InterruptedException {
        Study study = task.study();
        SharedPart part = ModelShape.trained(study);
        task.checkpoint().removeOthers();
        if (task.noise().isPresent()) {
            return PlainVector.of(new DistributedGradient(
                            gradient, study, part, task.noise().get(), task.clipNorm(), new PatientSampler(random))
                    .vector(parameters, patients, attempt(task), rounding(), random, progress(task, "training")));
        }
        int weight = UpdateEncoding.weight(patients.size(), study);
        LocalTraining training =
                new LocalTraining(gradient, study, part, new PatientSampler(random), new GaussianNoise(random));
        LocalTraining.Result result = training.train(
                parameters,
                start(task, parameters, part),
                patients,
                weight,
                attempt(task),
                Optional.of(task.checkpoint()),
                progress(task, "training"));
        if (task.own().isPresent()) {
            task.own().get().prepare(task.pendingOwn(), result.own(), ownFacts(task));
        }
        return UpdateEncoding.encode(result.update(), weight, study, rounding());
    }

    private LocalTraining.Start start(Task task, float[] parameters, SharedPart part)
            throws LocalWorkException, TransferRefusedException, IOException, InterruptedException {
        if (task.own().isEmpty()) {
            return LocalTraining.Start.NONE;
        }
        OwnState own = task.own().get().read(parameters);
        float[] control = task.controlSha256().isEmpty()
                ? new float[0]
                : part.gather(SharedPart.Fate.SHARED, link.model(task.controlSha256(), task.parameterCount()));
        return new LocalTraining.Start(own, control);
    }

    private static Map<String, String> ownFacts(Task task) {
        return Map.of(
                "run", task.sum().getRunId(),
                "round", Integer.toString(task.sum().getRound()),
                "attempt", Integer.toString(task.sum().getAttempt()),
                "model_sha256", SealingPhase.hex(task.modelSha256()));
    }

    /** The model that this site trains alone, as far as the round of the sum. */
    private float[] alone(Task task, MaskedAutoencoder model, ModelConfiguration shape)
            throws LocalWorkException, TransferRefusedException, IOException, InterruptedException {
        return task.alone()
                .after(
                        task.sum().getRound(),
                        () -> link.model(task.initialModelSha256(), task.parameterCount()),
                        model,
                        shape,
                        task.study(),
                        task.internal(),
                        UpdateEncoding.weight(task.internal().size(), task.study()),
                        SumInProgress.describe(task.sum()),
                        progress(task, "training alone"));
    }

    private static Attempt attempt(Task task) {
        return new Attempt(
                SumInProgress.describe(task.sum()),
                task.sum().getRound(),
                task.sum().getAttempt());
    }

    /** For stochastic rounding, which is no secret. */
    private static RandomGenerator rounding() {
        return RandomGenerator.of("L64X128MixRandom");
    }

    private PlainVector evaluate(Task task, float[] parameters, MaskedAutoencoder model, ModelConfiguration shape)
            throws LocalWorkException, TransferRefusedException, IOException, InterruptedException {
        boolean compared = task.study().comparesSingleSites()
                && task.sum().getRound() == task.study().rounds().count();
        Optional<float[]> alone = compared ? Optional.of(alone(task, model, shape)) : Optional.empty();
        if (task.own().isPresent()) {
            task.own().get().personalise(parameters);
        }
        model.loadParameters(parameters);
        double[] sums = new ExternalEvaluation(model, shape, task.study().evaluation(), alone)
                .sums(task.external(), random.nextLong(), progress(task, "evaluating"));
        return PlainVector.of(ExactSums.encode(sums));
    }

    private WorkProgress progress(Task task, String activity) {
        return new ProgressReports(link, task.sum(), activity);
    }
}
