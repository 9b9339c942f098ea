package org.commissure.privacy.dp;

/**
 * The Poisson-subsampled Gaussian mechanism: each patient takes part with probability q, gives at most norm C,
 * and noise of standard deviation σC is added.
 *
 * @param samplingRate q in [0, 1]
 * @param noiseMultiplier σ &gt; 0: noise standard deviation divided by the clip norm C
 */
public record PoissonGaussian(double samplingRate, double noiseMultiplier) implements Mechanism {
    /** @throws IllegalArgumentException naming the argument outside its range */
    public PoissonGaussian {
        MechanismChecks.rate(samplingRate);
        MechanismChecks.positive("noise multiplier", noiseMultiplier);
    }

    @Override
    public double rdp(double order, Relation relation) {
        return relation == Relation.ADD_REMOVE
                ? SubsampledGaussian.rdp(samplingRate, noiseMultiplier, order)
                : ReplaceOneGaussian.rdp(samplingRate, noiseMultiplier, order);
    }
}
