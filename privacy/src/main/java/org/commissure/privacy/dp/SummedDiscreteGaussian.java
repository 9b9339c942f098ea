package org.commissure.privacy.dp;

/**
 * Integer vectors of several parties, each with its own discrete Gaussian noise, added up: mode
 * {@code distributed}. With one party it is the discrete Gaussian mechanism.
 *
 * <p>Source: Kairouz, Liu, Steinke, <i>The Distributed Discrete Gaussian Mechanism for Federated Learning with
 * Secure Aggregation</i>, arXiv:2102.06387, Theorem 1 and Proposition 14: the sum of n discrete Gaussians is
 * not a discrete Gaussian, but τ-close to one per coordinate, τ = 10·Σ_{k&lt;n} e^(−2π²σ²k/(k+1)).
 *
 * @param samplingRate q in [0, 1]: probability with which a patient takes part
 * @param partySigma σ of one party's noise, in grid units; the parameter, not the standard deviation
 * @param parties how many parties' noise is surely in the sum, at least 1: survivors minus colluders
 * @param dimension d, coordinates of the vector
 * @param l1Sensitivity Δ₁ in grid units: how far one patient moves the sum in L1 norm
 * @param l2Sensitivity Δ₂ in grid units
 */
public record SummedDiscreteGaussian(
        double samplingRate, double partySigma, int parties, long dimension, double l1Sensitivity, double l2Sensitivity)
        implements Mechanism {
    /** @throws IllegalArgumentException naming the argument outside its range */
    public SummedDiscreteGaussian {
        MechanismChecks.rate(samplingRate);
        MechanismChecks.positive("noise parameter sigma", partySigma);
        if (parties < 1) {
            throw new IllegalArgumentException("the number of parties is " + parties + ", not at least 1");
        }
        MechanismChecks.sensitivities(dimension, l1Sensitivity, l2Sensitivity);
    }

    /** How far, in max divergence per coordinate, the sum is from one discrete Gaussian; 0 for one party. */
    public double closeness() {
        double sum = 0;
        for (int k = 1; k < parties; k++) {
            sum += Math.exp(-2 * Math.PI * Math.PI * partySigma * partySigma * k / (k + 1));
        }
        return 10 * sum;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Replaced patients of a sample get no credit for the sampling.
     */
    @Override
    public double rdp(double order, Relation relation) {
        if (samplingRate == 0) {
            return 0;
        }
        double tau = closeness();
        if (samplingRate == 1 || relation == Relation.REPLACE_ONE) {
            return whole(order, relation.distance(), tau);
        }
        return PoissonSampling.rdp(samplingRate, order, k -> (k - 1) * whole(k, 1, tau));
    }

    /** Without sampling: α/2·ε² + …, the smallest of the three bounds. */
    private double whole(double order, double distance, double tau) {
        double total = partySigma * Math.sqrt(parties);
        double ratio = distance * l2Sensitivity / total;
        double byDimension = order / 2 * ratio * ratio + tau * dimension;
        double byL1 = order / 2 * (ratio * ratio + 2 * distance * l1Sensitivity * tau / total + tau * tau * dimension);
        double root = ratio + tau * Math.sqrt(dimension);
        return Math.min(Math.min(byDimension, byL1), order / 2 * root * root);
    }
}
