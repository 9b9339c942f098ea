package org.commissure.site.compute;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.training.Scan;
import org.commissure.privacy.dp.AdaptiveClipping;
import org.commissure.privacy.dp.DiscreteGaussianNoise;
import org.commissure.privacy.dp.DistributedNoise;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;

/**
 * A site's part of one round in privacy mode distributed: the sum of its sampled patients' clipped gradients in whole
 * numbers, the count of those that were not clipped where the clip norm adapts, and the site's share of the noise.
 * Not thread-safe.
 *
 * <p>Each patient becomes integers by itself ({@link DistributedNoise} says how far one can then move the sum), and
 * integers are added exactly: no rounding of a sum depends on who else is in it. The noise has no floating point.
 */
public final class DistributedGradient {
    private final PatientGradient patient;
    private final Study study;
    private final SharedPart part;
    private final DistributedNoise noise;
    private final double clipNorm;
    private final PatientContributions contributions;

    /**
     * By masked reconstruction.
     *
     * @param clipNorm C of this round
     */
    public DistributedGradient(
            MaskedAutoencoder model,
            ModelConfiguration shape,
            Study study,
            SharedPart part,
            DistributedNoise noise,
            double clipNorm,
            PatientSampler sampler) {
        this(ReconstructionGradient.of(model, shape, study), study, part, noise, clipNorm, sampler);
    }

    /** The same of whatever a patient's gradient is of. */
    public DistributedGradient(
            PatientGradient patient,
            Study study,
            SharedPart part,
            DistributedNoise noise,
            double clipNorm,
            PatientSampler sampler) {
        this.patient = patient;
        this.study = study;
        this.part = part;
        this.noise = noise;
        this.clipNorm = clipNorm;
        this.contributions = new PatientContributions(patient, study, part, sampler);
    }

    /**
     * @param released the released model; not modified
     * @param rounding for stochastic rounding, which keeps the sum unbiased; no secret
     * @param random where the noise comes from
     * @return {@code [dimension]}: the vector to be masked
     * @throws LocalWorkException if a series cannot be read or a gradient is not finite
     * @throws InterruptedException if the thread was interrupted between two patients
     */
    public int[] vector(
            float[] released,
            List<? extends Scan> patients,
            Attempt attempt,
            RandomGenerator rounding,
            SecureRandom random,
            WorkProgress progress)
            throws LocalWorkException, InterruptedException {
        progress.at(0);
        int[] sum = sum(released, patients, attempt, rounding);
        new DiscreteGaussianNoise(random, noise.logSigma()).addTo(sum);
        progress.at(1);
        return sum;
    }

    /** Without noise; never leaves this package. */
    int[] sum(float[] released, List<? extends Scan> patients, Attempt attempt, RandomGenerator rounding)
            throws LocalWorkException, InterruptedException {
        try {
            patient.load(released);
        } catch (IllegalArgumentException e) {
            throw LocalTraining.diverged(0, study, e);
        }
        int[] sum = new int[Math.toIntExact(noise.dimension())];
        Optional<AdaptiveClipping> clipping = DistributedNoise.clipping(study.privacy(), clipNorm);
        double units = 1 / noise.unit(clipNorm);
        contributions.addTo(
                (clipped, norm) -> {
                    float[] shared = part.gather(SharedPart.Fate.SHARED, clipped);
                    for (int k = 0; k < shared.length; k++) {
                        double scaled = shared[k] * units;
                        double floor = Math.floor(scaled);
                        sum[k] += (int) floor + (rounding.nextDouble() < scaled - floor ? 1 : 0);
                    }
                    clipping.ifPresent(
                            at -> sum[sum.length - 1] += Math.toIntExact(noise.unitsPerVote()) * at.vote(norm));
                },
                patients,
                clipNorm,
                attempt,
                0,
                new TrainingPace(0, 1, System::nanoTime));
        return sum;
    }
}
