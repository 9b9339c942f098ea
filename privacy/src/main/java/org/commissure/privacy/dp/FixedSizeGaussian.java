package org.commissure.privacy.dp;

/**
 * The Gaussian mechanism over a batch of a fixed number of patients, drawn without replacement.
 *
 * <p>Only replace-one neighbours have a bound: Wang, Balle, Kasiviswanathan, <i>Subsampled Rényi Differential
 * Privacy and Analytical Moments Accountant</i>, arXiv:1808.00087, Theorem 27, with the noise told against the
 * distance of two neighbours' sums.
 *
 * @param sampleSize patients in a batch, at most {@code datasetSize}
 * @param datasetSize patients in the cohort
 * @param noiseMultiplier σ &gt; 0
 */
public record FixedSizeGaussian(long sampleSize, long datasetSize, double noiseMultiplier) implements Mechanism {
    /** Forward differences of a table are used up to here; beyond, the theorem's simpler bound. */
    private static final int MAXIMUM_DIFFERENCES = 256;

    /** @throws IllegalArgumentException naming the argument outside its range */
    public FixedSizeGaussian {
        if (!(sampleSize >= 1 && sampleSize <= datasetSize)) {
            throw new IllegalArgumentException(
                    "the sample size is " + sampleSize + ", not in [1, data set size " + datasetSize + "]");
        }
        MechanismChecks.positive("noise multiplier", noiseMultiplier);
    }

    @Override
    public double rdp(double order, Relation relation) {
        if (relation != Relation.REPLACE_ONE) {
            return Double.POSITIVE_INFINITY; // the size of the batch and of the cohort would tell
        }
        if (sampleSize == datasetSize) {
            return order / (2 * noiseMultiplier * noiseMultiplier);
        }
        int below = (int) order;
        double share = order - below;
        double moment = (1 - share) * logMoment(below);
        if (share > 0) {
            moment += share * logMoment(below + 1);
        }
        return moment / (order - 1);
    }

    private double logMoment(int order) {
        if (order == 1) {
            return 0;
        }
        double logQ = Math.log(sampleSize / (double) datasetSize);
        double[] differences = logDifferences(order);
        double logBinomial = Math.log(order);
        double logSum = Double.NEGATIVE_INFINITY;
        for (int k = 2; k <= order; k++) {
            logBinomial += Math.log((order - k + 1) / (double) k);
            logSum = PoissonSampling.logAdd(logSum, k * logQ + logBinomial + logTerm(k, differences));
        }
        return PoissonSampling.logAdd(0, logSum);
    }

    /** ln of what multiplies C(α,k)·q^k, the smaller of the theorem's two bounds. */
    private double logTerm(int k, double[] differences) {
        double plain = Math.log(2) + cumulant(k - 1);
        if (k == 2) {
            double second = 1 / (noiseMultiplier * noiseMultiplier);
            return Math.min(Math.log(4) + second + Math.log(-Math.expm1(-second)), plain);
        }
        if (differences.length == 0) {
            return plain;
        }
        return Math.min(Math.log(4) + 0.5 * (differences[k / 2] + differences[(k + 1) / 2]), plain);
    }

    /** x·RDP(x + 1) of the Gaussian mechanism. */
    private double cumulant(double x) {
        return x * (x + 1) / (2 * noiseMultiplier * noiseMultiplier);
    }

    /**
     * At j: ln of the 2j-th forward difference of i ↦ e^(i(i−1)/2σ²) at 0, which is E((P/Q − 1)^2j) over the
     * noise. Empty for orders beyond which the theorem's simpler bound is used.
     */
    private double[] logDifferences(int order) {
        if (order > MAXIMUM_DIFFERENCES) {
            return new double[0];
        }
        double[] differences = new double[(order + 1) / 2 + 1];
        for (int j = 1; j < differences.length; j++) {
            differences[j] = CenteredMoment.log(noiseMultiplier, 2 * j);
        }
        return differences;
    }
}
