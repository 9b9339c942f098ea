package org.commissure.privacy.dp;

/**
 * Integer vectors with Skellam noise, the difference of two Poisson variables; sums of it are Skellam again.
 * Accounted so that what another system did can be checked; no mode of ours adds it.
 *
 * <p>Source: Agarwal, Kairouz, Liu, <i>The Skellam Mechanism for Differentially Private Federated Learning</i>,
 * arXiv:2110.04995, Theorem 3.5.
 *
 * @param samplingRate q in [0, 1]
 * @param sigma the noise's standard deviation in the whole sum, in grid units
 * @param dimension coordinates of the vector
 * @param l1Sensitivity in grid units
 * @param l2Sensitivity in grid units
 */
public record SummedSkellam(
        double samplingRate, double sigma, long dimension, double l1Sensitivity, double l2Sensitivity)
        implements Mechanism {
    /** @throws IllegalArgumentException naming the argument outside its range */
    public SummedSkellam {
        MechanismChecks.rate(samplingRate);
        MechanismChecks.positive("noise parameter sigma", sigma);
        MechanismChecks.sensitivities(dimension, l1Sensitivity, l2Sensitivity);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Replaced patients of a sample get no credit for the sampling. Between integers the chord of
     * (α − 1)·RDP(α), because the theorem is for integers.
     */
    @Override
    public double rdp(double order, Relation relation) {
        if (samplingRate == 0) {
            return 0;
        }
        if (samplingRate == 1 || relation == Relation.REPLACE_ONE) {
            double distance = relation.distance();
            int below = (int) order;
            double share = order - below;
            double moment =
                    (1 - share) * (below - 1) * whole(below, distance) + share * below * whole(below + 1, distance);
            return moment / (order - 1);
        }
        return PoissonSampling.rdp(samplingRate, order, k -> (k - 1) * whole(k, 1));
    }

    private double whole(int order, double distance) {
        double mu = sigma * sigma;
        double l1 = distance * l1Sensitivity;
        double l2Squared = distance * distance * l2Sensitivity * l2Sensitivity;
        double correction = Math.min(((2 * order - 1) * l2Squared + 6 * l1) / (4 * mu * mu), 3 * l1 / (2 * mu));
        return order * l2Squared / (2 * mu) + correction;
    }
}
