package org.commissure.site.compute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.training.Scan;
import org.commissure.models.training.Streams;
import org.commissure.models.training.Streams.Purpose;
import org.commissure.privacy.dp.GaussianNoise;
import org.commissure.privacy.dp.PatientClipping;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.protocol.study.Study;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The (noised) mean gradient of one local step, as algorithm 1 of Abadi et al. (2016) has it, with the
 * patient as the unit: every patient takes part with probability q and contributes one gradient
 * clipped to C; Gaussian noise of standard deviation σC is added to the sum before it is divided by
 * the <em>public</em> expected batch q·w. Not thread-safe.
 *
 * <p>Sampling and noise come from a cryptographic source and are never repeated. Windows and masks
 * come from a seeded stream of their own for every step, because nothing is protected by them; where
 * there is no differential privacy, so does the sampling, and the step can be repeated to the bit.
 */
final class StepGradient {
    private static final Logger LOG = LoggerFactory.getLogger(StepGradient.class);

    private final Study study;
    private final PatientSampler sampler;
    private final GaussianNoise noise;
    private final PatientGradient gradients;
    private final float[] own;

    StepGradient(
            MaskedAutoencoder model,
            ModelConfiguration shape,
            Study study,
            PatientSampler sampler,
            GaussianNoise noise) {
        this.study = study;
        this.sampler = sampler;
        this.noise = noise;
        this.gradients = new PatientGradient(model, shape, study.training().maskRatio());
        this.own = new float[model.parameterCount()];
    }

    /**
     * Writes the gradient at the model's loaded parameters to {@code sum}.
     *
     * @param step of the round, counted from 0
     * @param weight w, the declared weight that stands for the number of patients
     * @throws LocalWorkException if a series cannot be read or a gradient is not finite
     * @throws InterruptedException if the thread was interrupted between two patients
     */
    void of(List<? extends Scan> patients, int weight, Attempt attempt, int step, TrainingPace pace, float[] sum)
            throws LocalWorkException, InterruptedException {
        RandomGenerator windows = stream(Purpose.WINDOW, attempt, step);
        List<Integer> sampled = sample(patients.size(), attempt, step);
        Arrays.fill(sum, 0);
        for (int i = 0; i < sampled.size(); i++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("training was stopped");
            }
            gradients.of(patients.get(sampled.get(i)), windows, own);
            clip(step, sampled.get(i), attempt);
            for (int k = 0; k < sum.length; k++) {
                sum[k] += own[k];
            }
            pace.patient(step + (i + 1.0) / sampled.size()).ifPresent(line -> LOG.info("{}: {}", attempt.name(), line));
        }
        if (isPrivate()) {
            noise.addTo(sum, study.privacy().noiseMultiplier() * study.privacy().clipNorm());
        }
        float scale = (float) (1 / (study.privacy().samplingRate() * weight));
        for (int k = 0; k < sum.length; k++) {
            sum[k] *= scale;
        }
    }

    private List<Integer> sample(int patients, Attempt attempt, int step) {
        double rate = study.privacy().samplingRate();
        if (isPrivate()) {
            return sampler.sample(patients, rate);
        }
        RandomGenerator random = stream(Purpose.ORDER, attempt, step);
        List<Integer> sampled = new ArrayList<>();
        for (int patient = 0; patient < patients; patient++) {
            if (random.nextDouble() < rate) {
                sampled.add(patient);
            }
        }
        return sampled;
    }

    /** Clips where that is asked for, and refuses what is not finite anywhere. */
    private void clip(int step, int position, Attempt attempt) throws LocalWorkException {
        try {
            // Without privacy only the check remains: no gradient of finite floats is that long.
            PatientClipping.clip(own, isPrivate() ? study.privacy().clipNorm() : Double.MAX_VALUE);
        } catch (ArithmeticException e) {
            LOG.warn(
                    "{}: step {} of {} gave a gradient that is not a finite number, on the patient at position {} of"
                            + " the internal cohort",
                    attempt.name(),
                    step + 1,
                    study.localSteps(),
                    position + 1);
            throw LocalTraining.diverged(step, study, e);
        }
    }

    private boolean isPrivate() {
        return study.privacy().mode() != Study.PrivacyMode.NONE;
    }

    private RandomGenerator stream(Purpose purpose, Attempt attempt, int step) {
        return Streams.of(study.training().seed(), purpose, attempt.round(), attempt.attempt(), step);
    }
}
