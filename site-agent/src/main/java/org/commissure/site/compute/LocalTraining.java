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
 * the clip norm.
 */
public final class LocalTraining {
    private static final Logger LOG = LoggerFactory.getLogger(LocalTraining.class);

    /** As {@code site model train} has it. */
    private static final double WARM_UP_FRACTION = 0.05;

    private final PatientGradient patient;
    private final Study study;
    private final StepGradient gradients;

    /** By masked reconstruction. */
    public LocalTraining(
            MaskedAutoencoder model,
            ModelConfiguration shape,
            Study study,
            PatientSampler sampler,
            GaussianNoise noise) {
        this(ReconstructionGradient.of(model, shape, study), study, sampler, noise);
    }

    /** Of whatever a patient's gradient is of. */
    public LocalTraining(PatientGradient patient, Study study, PatientSampler sampler, GaussianNoise noise) {
        this(patient, study, sampler, Optional.of(noise));
    }

    private LocalTraining(
            PatientGradient patient, Study study, PatientSampler sampler, Optional<GaussianNoise> noise) {
        this.patient = patient;
        this.study = study;
        this.gradients = new StepGradient(patient, study, sampler, noise);
    }

    /** The same steps, patients clipped as ever, without any noise: for a model that never leaves the site. */
    static LocalTraining withoutNoise(
            MaskedAutoencoder model, ModelConfiguration shape, Study study, PatientSampler sampler) {
        return new LocalTraining(ReconstructionGradient.of(model, shape, study), study, sampler, Optional.empty());
    }

    /**
     * Trains for the study's local steps, from where {@code checkpoint} ends if it holds any.
     *
     * @param released w₀, the released model; not modified
     * @param weight w, the declared weight that stands for the number of patients
     * @return the update Δ, of L2 norm at most {@code training.update_clip_norm}
     * @throws LocalWorkException if a series cannot be read or training diverged
     * @throws InterruptedException if the thread was interrupted between two patients; the steps taken
     *     are in the checkpoint
     */
    public float[] update(
            float[] released,
            List<? extends Scan> patients,
            int weight,
            Attempt attempt,
            Optional<TrainingCheckpoint> checkpoint,
            WorkProgress progress)
            throws LocalWorkException, InterruptedException {
        int steps = study.localSteps();
        float[] trained = released.clone();
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
        return difference(trained, released);
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
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] += (float) (mu * (trained[i] - released[i]));
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

    /** In place: an update is as large as the model. */
    private float[] difference(float[] trained, float[] released) throws LocalWorkException {
        for (int i = 0; i < trained.length; i++) {
            trained[i] -= released[i];
        }
        try {
            PatientClipping.clip(trained, study.training().updateClipNorm());
        } catch (ArithmeticException e) {
            throw diverged(study.localSteps() - 1, study, e);
        }
        return trained;
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
