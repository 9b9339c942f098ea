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
 * <p>What the count costs: gradient and count are one vector query, so multipliers z_g of the gradient and z_c of the
 * count are together one of z with 1/z² = 1/z_g² + 1/z_c². {@link #gradientMultiplier} says how much more noise the
 * gradient needs so that a step costs what it would cost without the count, and {@link #step} is what the accountant
 * is given. Immutable.
 *
 * @param clipNorm C, above 0
 * @param targetQuantile γ in (0, 1): the share of patients that should not be clipped
 * @param learningRate η, above 0
 * @param countMultiplier z_c, noise of the ±1 sum divided by the 1 that one patient can move it
 */
public record AdaptiveClipping(double clipNorm, double targetQuantile, double learningRate, double countMultiplier) {
    /** @throws IllegalArgumentException naming the argument outside its range */
    public AdaptiveClipping {
        MechanismChecks.positive("clip norm", clipNorm);
        if (!(targetQuantile > 0 && targetQuantile < 1)) {
            throw new IllegalArgumentException("the target quantile is " + targetQuantile + ", not in (0, 1)");
        }
        MechanismChecks.positive("learning rate of the clip norm", learningRate);
        MechanismChecks.positive("noise multiplier of the count", countMultiplier);
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
    public AdaptiveClipping after(long noisedVotes, double expectedPatients) {
        MechanismChecks.positive("expected number of patients", expectedPatients);
        // Noise can push the estimate out of [0, 1]; one step may not move C by more than e^η.
        double share = Math.clamp(0.5 + noisedVotes / (2 * expectedPatients), 0, 1);
        double next = clipNorm * Math.exp(-learningRate * (share - targetQuantile));
        return new AdaptiveClipping(next, targetQuantile, learningRate, countMultiplier);
    }

    /**
     * z_g, with which gradient and count together cost what a gradient with multiplier {@code noiseMultiplier} costs
     * alone.
     *
     * @throws IllegalArgumentException if the count alone costs as much: {@code countMultiplier} must be larger
     */
    public double gradientMultiplier(double noiseMultiplier) {
        MechanismChecks.positive("noise multiplier", noiseMultiplier);
        if (countMultiplier <= noiseMultiplier) {
            throw new IllegalArgumentException("the noise multiplier of the count, " + countMultiplier
                    + ", is not above the noise multiplier " + noiseMultiplier + " that both together may cost");
        }
        double ratio = noiseMultiplier / countMultiplier;
        return noiseMultiplier / Math.sqrt((1 - ratio) * (1 + ratio));
    }

    /**
     * One step in which gradient and count are released, for the Rényi accountant: bounds that hold for discrete noise
     * too.
     *
     * @param samplingRate q in [0, 1]
     * @param gradientMultiplier z_g
     * @param dimension of the gradient
     */
    public Mechanism step(double samplingRate, double gradientMultiplier, long dimension) {
        MechanismChecks.positive("noise multiplier", gradientMultiplier);
        double together = 1 / Math.hypot(1 / gradientMultiplier, 1 / countMultiplier);
        // In units of one patient's contribution; the L1 norm only matters for sums of several parties.
        return new SummedDiscreteGaussian(
                samplingRate, together, 1, Math.addExact(dimension, 1), Math.sqrt(dimension + 1.0), 1);
    }
}
