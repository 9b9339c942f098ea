package org.commissure.privacy.dp.pld;

/** N_Z(0, σ²): P(z) ∝ e^(−z²/2σ²) on the integers. */
final class DiscreteGaussianMass implements LatticeNoise {
    private final double sigma;
    private final double logTotal;

    DiscreteGaussianMass(double sigma) {
        this.sigma = sigma;
        long reach = (long) Math.ceil(40 * sigma) + 1;
        if (reach > MAXIMUM_ATOMS) {
            throw new IllegalArgumentException("the noise parameter sigma " + sigma
                    + " is too large for a privacy loss distribution over the integers");
        }
        double sum = 0;
        for (long z = reach; z > 0; z--) {
            sum += 2 * Math.exp(-(double) z * z / (2 * sigma * sigma));
        }
        logTotal = Math.log1p(sum);
    }

    @Override
    public double logMass(long z) {
        return -(double) z * z / (2 * sigma * sigma) - logTotal;
    }

    /** P(X ≥ m) ≤ P(N(0, σ²) ≥ m − 1) (Canonne, Kamath, Steinke, arXiv:2004.00010, Proposition 25). */
    @Override
    public long radius(double tail) {
        return (long) Math.ceil(sigma * Math.sqrt(2 * Math.log(1 / Math.min(tail, 0.1)))) + 1;
    }
}
