package org.commissure.site.compute;

import java.util.List;
import java.util.Optional;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.training.Checkpoint;
import org.commissure.models.training.FlatOptimiser;
import org.commissure.models.training.Scan;
import org.commissure.models.training.Schedule;
import org.commissure.privacy.dp.GaussianNoise;
import org.commissure.privacy.dp.PatientClipping;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.Training;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Local training of one round: {@link StepGradient} gives each step's gradient, noised where the study
 * has differential privacy, and this class makes steps and an update of them. Not thread-safe.
 *
 * <p>Everything here is post-processing of noised gradients and costs no privacy: the optimiser, the
 * schedule, the scaling of the update, and FedProx's term {@code μ·(w − w₀)} (Li et al. 2020, equation
 * 2). That term pulls towards the released model w₀. It depends on the released model and on w, which
 * itself follows from earlier noised gradients, and not on any patient; so it is added after the noise.
 * Added before, it would be clipped with the patients' gradients and the sensitivity would no longer be
 * the clip norm. So is the correction by control variates: the site's own is the mean of its earlier noised gradients, the
 * server's a function of what was released.
 */
public final class LocalTraining {
    private static final Logger LOG = LoggerFactory.getLogger(LocalTraining.class);

    /** As {@code site model train} has it. */
    private static final double WARM_UP_FRACTION = 0.05;

    private final PatientGradient patient;
    private final Study study;
    private final SharedPart part;
    private final StepGradient gradients;

    /** By masked reconstruction. */
    public LocalTraining(
            MaskedAutoencoder model,
            ModelConfiguration shape,
            Study study,
            SharedPart part,
            PatientSampler sampler,
            GaussianNoise noise) {
        this(ReconstructionGradient.of(model, shape, study), study, part, sampler, noise);
    }

    /** Of whatever a patient's gradient is of. */
    public LocalTraining(
            PatientGradient patient, Study study, SharedPart part, PatientSampler sampler, GaussianNoise noise) {
        this(patient, study, part, sampler, Optional.of(noise));
    }

    private LocalTraining(
            PatientGradient patient,
            Study study,
            SharedPart part,
            PatientSampler sampler,
            Optional<GaussianNoise> noise) {
        this.patient = patient;
        this.study = study;
        this.part = part;
        this.gradients = new StepGradient(patient, study, part, sampler, noise);
    }

    /** The same steps, patients clipped as ever, without any noise: for a model that never leaves the site. */
    static LocalTraining withoutNoise(
            MaskedAutoencoder model, ModelConfiguration shape, Study study, PatientSampler sampler) {
        return new LocalTraining(
                ReconstructionGradient.of(model, shape, study),
                study,
                SharedPart.whole(model.parameterCount()),
                sampler,
                Optional.empty());
    }

    /**
     * What training begins with, beside the released model.
     *
     * @param own of this site
     * @param control C, the server's control variate, of the shared part; empty where there is none
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record Start(OwnState own, float[] control) {
        /** Of a study in which sites keep nothing. */
        public static final Start NONE = new Start(OwnState.NOTHING, OwnState.NOTHING.control());
    }

    /**
     * What comes of a round.
     *
     * @param update Δ of the shared part, of L2 norm at most {@code training.update_clip_norm}; with control variates ΔC,
     *     of that norm too, after it
     * @param own of this site, if its vector is in the released sum
     */
    public record Result(List<float[]> update, OwnState own) {}

    /**
     * Trains for the study's local steps, from where {@code checkpoint} ends if it holds any.
     *
     * @param released w₀, the released model; not modified
     * @param weight w, the declared weight that stands for the number of patients
     * @throws LocalWorkException if a series cannot be read or training diverged
     * @throws InterruptedException if the thread was interrupted between two patients; the steps taken
     *     are in the checkpoint
     */
    public Result train(
            float[] released,
            Start start,
            List<? extends Scan> patients,
            int weight,
            Attempt attempt,
            Optional<TrainingCheckpoint> checkpoint,
            WorkProgress progress)
            throws LocalWorkException, InterruptedException {
        int steps = study.localSteps();
        float[] trained = released.clone();
        part.scatter(SharedPart.Fate.LOCAL, start.own().local(), trained);
        float[] gradient = new float[released.length];
        FlatOptimiser optimiser = optimiser(released.length);
        int step = 0;
        Optional<Checkpoint> earlier = checkpoint.flatMap(file -> file.find(released.length, steps));
        if (earlier.isPresent()) {
            System.arraycopy(earlier.get().parameters(), 0, trained, 0, trained.length);
            optimiser.load(earlier.get().optimiser());
            step = (int) earlier.get().step();
            LOG.info("{}: goes on after step {} of {}", attempt.name(), step, steps);
        }
        TrainingPace pace = new TrainingPace(step, steps, System::nanoTime);
        try {
            while (step < steps) {
                progress.at((double) step / steps);
                load(trained, step);
                gradients.of(patients, weight, attempt, step, pace, gradient);
                pull(gradient, trained, released);
                optimiser.step(trained, gradient, scale(gradient, step), learningRate(attempt.round(), step));
                correct(trained, start, steps);
                step++;
                if (checkpoint.isPresent() && checkpoint.get().isDue()) {
                    checkpoint.get().save(step, trained, optimiser.state());
                }
            }
        } catch (InterruptedException e) {
            if (checkpoint.isPresent()) {
                checkpoint.get().save(step, trained, optimiser.state());
            }
            throw e;
        }
        progress.at(1);
        return result(trained, released, start);
    }

    /**
     * SCAFFOLD's y ← y − η(g − c_i + c) (Karimireddy et al. 2020, equation 3), with C = Kηc: what the K steps of a round
     * amount to.
     */
    private void correct(float[] trained, Start start, int steps) {
        if (start.control().length == 0) {
            return;
        }
        float[] own = start.own().control();
        int at = 0;
        for (SharedPart.Span span : part.spans(SharedPart.Fate.SHARED)) {
            for (int i = span.offset(); i < span.end(); i++, at++) {
                trained[i] += (own[at] - start.control()[at]) / steps;
            }
        }
    }

    private FlatOptimiser optimiser(int parameters) {
        return switch (study.training().optimiser()) {
            case SGD -> FlatOptimiser.sgd(parameters, study.training().momentum());
            case ADAM -> FlatOptimiser.adam(patient.layout(), AdamSettings.DEFAULT);
        };
    }

    /** FedProx. */
    private void pull(float[] gradient, float[] trained, float[] released) {
        double mu = study.training().proximalMu().orElse(0);
        if (mu > 0) {
            for (SharedPart.Span span : part.spans(SharedPart.Fate.SHARED)) {
                for (int i = span.offset(); i < span.end(); i++) {
                    gradient[i] += (float) (mu * (trained[i] - released[i]));
                }
            }
        }
    }

    /** What brings the gradient down to {@code training.gradient_clip_norm}. */
    private float scale(float[] gradient, int step) throws LocalWorkException {
        if (study.training().gradientClipNorm().isEmpty()) {
            return 1;
        }
        double squares = 0;
        for (float value : gradient) {
            squares += (double) value * value;
        }
        if (!Double.isFinite(squares)) {
            throw diverged(step, study, new ArithmeticException("the step's gradient is not finite"));
        }
        double norm = Math.sqrt(squares);
        double bound = study.training().gradientClipNorm().getAsDouble();
        return norm <= bound ? 1 : (float) (bound / norm);
    }

    /** The schedule stretches over all rounds, whatever became of the earlier ones. */
    private double learningRate(int round, int step) {
        Training plan = study.training();
        Schedule schedule = switch (plan.schedule().orElse(Training.Schedule.CONSTANT)) {
            case CONSTANT -> Schedule.CONSTANT;
            case COSINE -> Schedule.COSINE;
        };
        return plan.learningRate()
                * schedule.shareOf(
                        (round - 1L) * study.localSteps() + step,
                        study.steps(),
                        plan.warmUpFraction().orElse(WARM_UP_FRACTION));
    }

    /**
     * The whole model's update in place: it is as large as the model. Option II of SCAFFOLD, c_i' = c_i − c + (x − y)/(Kη),
     * gives ΔC = −C − (y − x). A shortened ΔC is what the site keeps too, so that C stays the mean of all.
     */
    private Result result(float[] trained, float[] released, Start start) throws LocalWorkException {
        float[] local = part.gather(SharedPart.Fate.LOCAL, trained);
        for (int i = 0; i < trained.length; i++) {
            trained[i] -= released[i];
        }
        float[] update = part.gather(SharedPart.Fate.SHARED, trained);
        if (start.control().length == 0) {
            return new Result(
                    List.of(shortened(update)), new OwnState(local, start.own().control()));
        }
        float[] change = new float[update.length];
        for (int i = 0; i < change.length; i++) {
            change[i] = -start.control()[i] - update[i];
        }
        shortened(change);
        float[] control = start.own().control().clone();
        for (int i = 0; i < control.length; i++) {
            control[i] += change[i];
        }
        return new Result(List.of(shortened(update), change), new OwnState(local, control));
    }

    private float[] shortened(float[] update) throws LocalWorkException {
        try {
            PatientClipping.clip(update, study.training().updateClipNorm());
        } catch (ArithmeticException e) {
            throw diverged(study.localSteps() - 1, study, e);
        }
        return update;
    }

    private void load(float[] parameters, int step) throws LocalWorkException {
        try {
            patient.load(parameters);
        } catch (IllegalArgumentException e) {
            throw diverged(step, study, e);
        }
    }

    /** @param step counted from 0 */
    static LocalWorkException diverged(int step, Study study, Throwable cause) {
        return new LocalWorkException(
                "local training left the range of finite numbers at step " + (step + 1) + " of " + study.localSteps()
                        + "; lower training.learning_rate in the study",
                cause);
    }
}
