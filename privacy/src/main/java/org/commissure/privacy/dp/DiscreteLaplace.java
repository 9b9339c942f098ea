package org.commissure.privacy.dp;

/**
 * A whole number that one patient changes by at most 1, under discrete Laplace noise of {@code scale} 1/ε.
 *
 * <p>The likelihood ratio of neighbours is e^ε at and below the smaller of their numbers and e^−ε above it, so the
 * divergence is that of randomised response with probability 1/(1 + e^−ε), exactly, in both directions.
 *
 * @param scale 1/ε &gt; 0, in patients
 */
public record DiscreteLaplace(double scale) implements Mechanism {
    /** @throws IllegalArgumentException if {@code scale} is not above 0 */
    public DiscreteLaplace {
        MechanismChecks.positive("scale of the noise", scale);
    }

    /**
     * {@inheritDoc}
     *
     * <p>A replaced patient is one removed and one added, and moves the number by at most 1 as well.
     */
    @Override
    public double rdp(double order, Relation relation) {
        double epsilon = 1 / scale;
        double logMoment =
                PoissonSampling.logAdd((order - 1) * epsilon, -order * epsilon) - Math.log1p(Math.exp(-epsilon));
        return Math.clamp(logMoment / (order - 1), 0, epsilon);
    }
}
