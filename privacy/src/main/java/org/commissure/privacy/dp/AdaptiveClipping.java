package org.commissure.privacy.dp;

/**
 * A clip norm that follows a quantile of the patients' gradient norms: C ← C·e^(−η(b̄ − γ)), where b̄ estimates the
 * share of patients whose norm is at most C.
 *
 * <p>Source: Andrew, Thakkar, McMahan, Ramaswamy, <i>Differentially Private Learning with Adaptive Clipping</i>,
 * arXiv:1905.03871, Algorithm 1. The count is told as a sum of ±1 over the sampled patients, whole numbers that travel
 * in the same secure sum as the gradient, with discrete Gaussian noise; b̄ divides by the expected, public, number of
 * patients, not by the sampled one, which would tell who takes part.
 *
 * <p>What the count costs is in {@link DistributedNoise}: gradient and count are one vector under one noise. Immutable.
 *
 * @param clipNorm C, above 0
 * @param targetQuantile γ in (0, 1): the share of patients that should not be clipped
 * @param learningRate η, above 0
 */
public record AdaptiveClipping(double clipNorm, double targetQuantile, double learningRate) {
    /** @throws IllegalArgumentException naming the argument outside its range */
    public AdaptiveClipping {
        MechanismChecks.positive("clip norm", clipNorm);
        if (!(targetQuantile > 0 && targetQuantile < 1)) {
            throw new IllegalArgumentException("the target quantile is " + targetQuantile + ", not in (0, 1)");
        }
        MechanismChecks.positive("learning rate of the clip norm", learningRate);
    }

    /** What one sampled patient adds to the count: 1 for a norm of at most C, else −1. */
    public int vote(double norm) {
        return norm <= clipNorm ? 1 : -1;
    }

    /**
     * The clip norm for the next step.
     *
     * @param noisedVotes sum of the sampled patients' votes, with noise
     * @param expectedPatients sampling rate times cohort size, above 0
     */
    public AdaptiveClipping after(double noisedVotes, double expectedPatients) {
        MechanismChecks.positive("expected number of patients", expectedPatients);
        // Noise can push the estimate out of [0, 1]; one step may not move C by more than e^η.
        double share = Math.clamp(0.5 + noisedVotes / (2 * expectedPatients), 0, 1);
        double next = clipNorm * Math.exp(-learningRate * (share - targetQuantile));
        return new AdaptiveClipping(next, targetQuantile, learningRate);
    }
}
