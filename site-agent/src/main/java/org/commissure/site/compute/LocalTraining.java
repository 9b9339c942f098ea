package org.commissure.site.compute;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.weights.Optimiser;
import org.commissure.models.weights.Optimisers;
import org.commissure.privacy.dp.GaussianNoise;
import org.commissure.privacy.dp.PatientClipping;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.protocol.study.Study;

/**
 * DP-SGD at one site (Abadi et al. 2016, algorithm 1, with the patient as the unit): at each local
 * step every patient takes part with probability q, contributes one gradient clipped to C, and
 * Gaussian noise of standard deviation σC is added to the sum before it is divided by the
 * <em>public</em> expected batch q·w. What happens to the noised gradient afterwards (optimiser,
 * scaling of the update) is post-processing and costs no privacy. Not thread-safe.
 *
 * <p>Sampling and noise come from a cryptographic source; windows and masks from a seeded generator,
 * because nothing is protected by them.
 */
public final class LocalTraining {
    private final MaskedAutoencoder model;
    private final Study study;
    private final PatientSampler sampler;
    private final GaussianNoise noise;
    private final PatientGradient gradients;

    public LocalTraining(
            MaskedAutoencoder model,
            BrainLmConfiguration shape,
            Study study,
            PatientSampler sampler,
            GaussianNoise noise) {
        this.model = model;
        this.study = study;
        this.sampler = sampler;
        this.noise = noise;
        this.gradients = new PatientGradient(model, shape, study.training().maskRatio());
    }

    /**
     * Trains for the study's local steps.
     *
     * @param parameters the released model; not modified
     * @param weight w, the declared weight that stands for the number of patients
     * @return the update Δ, of L2 norm at most {@code training.update_clip_norm}
     * @throws LocalWorkException if a series cannot be read or training diverged
     * @throws InterruptedException if the thread was interrupted between two patients
     */
    public float[] update(
            float[] parameters,
            List<? extends Patient> patients,
            int weight,
            RandomGenerator random,
            WorkProgress progress)
            throws LocalWorkException, InterruptedException {
        Study.Training plan = study.training();
        float[] trained = parameters.clone();
        float[] sum = new float[parameters.length];
        float[] own = new float[parameters.length];
        Optimiser optimiser = switch (plan.optimiser()) {
            case SGD -> Optimisers.sgd(parameters.length, plan.learningRate(), plan.momentum());
            case ADAM -> Optimisers.adam(parameters.length, plan.learningRate());
        };
        for (int step = 0; step < plan.localSteps(); step++) {
            progress.at((double) step / plan.localSteps());
            loadInto(model, trained);
            Arrays.fill(sum, 0);
            for (int index : sampler.sample(patients.size(), study.privacy().samplingRate())) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("training was stopped");
                }
                addPatient(patients.get(index), random, own, sum);
            }
            privatise(sum, study.privacy().samplingRate() * weight);
            optimiser.step(trained, sum);
        }
        progress.at(1);
        return difference(trained, parameters, plan.updateClipNorm());
    }

    private void addPatient(Patient patient, RandomGenerator random, float[] own, float[] sum)
            throws LocalWorkException {
        gradients.of(patient, random, own);
        if (study.privacy().mode() != Study.PrivacyMode.NONE) {
            clip(own, study.privacy().clipNorm());
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] += own[i];
        }
    }

    private void privatise(float[] sum, double expectedBatch) {
        if (study.privacy().mode() != Study.PrivacyMode.NONE) {
            noise.addTo(sum, study.privacy().noiseMultiplier() * study.privacy().clipNorm());
        }
        float scale = (float) (1 / expectedBatch);
        for (int i = 0; i < sum.length; i++) {
            sum[i] *= scale;
        }
    }

    private static float[] difference(float[] trained, float[] start, double norm) throws LocalWorkException {
        float[] update = new float[start.length];
        for (int i = 0; i < update.length; i++) {
            update[i] = trained[i] - start[i];
        }
        clip(update, norm);
        return update;
    }

    private static void clip(float[] vector, double norm) throws LocalWorkException {
        try {
            PatientClipping.clip(vector, norm);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw diverged(e);
        }
    }

    private static void loadInto(MaskedAutoencoder model, float[] parameters) throws LocalWorkException {
        try {
            model.loadParameters(parameters);
        } catch (IllegalArgumentException e) {
            throw diverged(e);
        }
    }

    private static LocalWorkException diverged(Throwable cause) {
        return new LocalWorkException(
                "local training left the range of finite numbers; lower training.learning_rate in the study", cause);
    }
}
