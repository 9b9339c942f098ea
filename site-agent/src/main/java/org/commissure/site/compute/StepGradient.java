package org.commissure.site.compute;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.commissure.models.training.Scan;
import org.commissure.privacy.dp.GaussianNoise;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;

/**
 * The (noised) mean gradient of one local step, as algorithm 1 of Abadi et al. (2016) has it, with the
 * patient as the unit: {@link PatientContributions} are summed; Gaussian noise of standard deviation σC is added to the
 * sum before it is divided by the <em>public</em> expected batch q·w. Noise comes from a cryptographic source and is
 * never repeated. Clip norm and noise are of all parameters that are trained, those that stay at the site included: these
 * are then noised too, and nothing that a later step does with them tells more of a patient. Frozen parameters have no
 * gradient. Not thread-safe.
 */
final class StepGradient {
    private final Study study;
    private final SharedPart part;
    private final Optional<GaussianNoise> noise;
    private final PatientContributions contributions;

    /** @param noise empty only for a model that never leaves the site */
    StepGradient(
            PatientGradient gradients,
            Study study,
            SharedPart part,
            PatientSampler sampler,
            Optional<GaussianNoise> noise) {
        this.study = study;
        this.part = part;
        this.noise = noise;
        this.contributions = new PatientContributions(gradients, study, part, sampler);
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
        boolean isPrivate = study.privacy().mode() != Study.PrivacyMode.NONE;
        Arrays.fill(sum, 0);
        contributions.addTo(
                (own, norm) -> {
                    for (int k = 0; k < sum.length; k++) {
                        sum[k] += own[k];
                    }
                },
                patients,
                // Without privacy nothing is clipped: no gradient of finite floats is that long.
                isPrivate ? study.privacy().clipNorm() : Double.MAX_VALUE,
                attempt,
                step,
                pace);
        if (isPrivate) {
            noise.ifPresent(source -> source.addTo(
                    sum, study.privacy().noiseMultiplier() * study.privacy().clipNorm()));
            part.clear(SharedPart.Fate.FROZEN, sum);
        }
        float scale = (float) (1 / (study.privacy().samplingRate() * weight));
        for (int k = 0; k < sum.length; k++) {
            sum[k] *= scale;
        }
    }
}
