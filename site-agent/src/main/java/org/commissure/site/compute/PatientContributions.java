package org.commissure.site.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.commissure.models.training.Scan;
import org.commissure.models.training.Streams;
import org.commissure.models.training.Streams.Purpose;
import org.commissure.privacy.dp.PatientClipping;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who takes part in a step, and what each of them gives: every patient takes part with probability q and contributes
 * one gradient, clipped to C, whatever the number of windows and scans. Not thread-safe.
 *
 * <p>Sampling comes from a cryptographic source and is never repeated. Windows and masks come from a seeded stream of
 * their own for every step, because nothing is protected by them; where there is no differential privacy, so does the
 * sampling, and the step can be repeated to the bit.
 */
final class PatientContributions {
    private static final Logger LOG = LoggerFactory.getLogger(PatientContributions.class);

    private final Study study;
    private final PatientSampler sampler;
    private final PatientGradient gradients;
    private final SharedPart part;
    private final float[] own;

    /** @param part whose frozen parameters have no gradient */
    PatientContributions(PatientGradient gradients, Study study, SharedPart part, PatientSampler sampler) {
        this.study = study;
        this.part = part;
        this.sampler = sampler;
        this.gradients = gradients;
        this.own = new float[gradients.parameterCount()];
    }

    /** Takes one patient's contribution. */
    interface Sum {
        /**
         * @param clipped of norm at most C; overwritten for the next patient
         * @param norm before clipping
         */
        void add(float[] clipped, double norm);
    }

    /**
     * Adds every sampled patient's contribution at the model's loaded parameters.
     *
     * @param step of the round, counted from 0
     * @param clipNorm C
     * @throws LocalWorkException if a series cannot be read or a gradient is not finite
     * @throws InterruptedException if the thread was interrupted between two patients
     */
    void addTo(Sum sum, List<? extends Scan> patients, double clipNorm, Attempt attempt, int step, TrainingPace pace)
            throws LocalWorkException, InterruptedException {
        RandomGenerator windows = stream(Purpose.WINDOW, attempt, step);
        List<Integer> sampled = sample(patients.size(), attempt, step);
        for (int i = 0; i < sampled.size(); i++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("training was stopped");
            }
            gradients.of(patients.get(sampled.get(i)), windows, own);
            part.clear(SharedPart.Fate.FROZEN, own);
            sum.add(own, clip(step, sampled.get(i), clipNorm, attempt));
            pace.patient(step + (i + 1.0) / sampled.size()).ifPresent(line -> LOG.info("{}: {}", attempt.name(), line));
        }
    }

    private List<Integer> sample(int patients, Attempt attempt, int step) {
        double rate = study.privacy().samplingRate();
        if (study.privacy().mode() != Study.PrivacyMode.NONE) {
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

    /** Clips, and refuses what is not finite anywhere. */
    private double clip(int step, int position, double clipNorm, Attempt attempt) throws LocalWorkException {
        try {
            return PatientClipping.clip(own, clipNorm);
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

    private RandomGenerator stream(Purpose purpose, Attempt attempt, int step) {
        return Streams.of(study.training().seed(), purpose, attempt.round(), attempt.attempt(), step);
    }
}
