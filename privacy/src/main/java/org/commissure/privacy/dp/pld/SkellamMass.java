package org.commissure.privacy.dp.pld;

/** The symmetric Skellam distribution of variance μ: P(z) = e^−μ·I_|z|(μ). */
final class SkellamMass implements LatticeNoise {
    private final double[] logMass;

    SkellamMass(double sigma) {
        double mu = sigma * sigma;
        double reach = 60 * sigma + 400;
        if (reach > MAXIMUM_ATOMS) {
            throw new IllegalArgumentException("the noise parameter sigma " + sigma
                    + " is too large for a privacy loss distribution over the integers");
        }
        // Ratios I_n/I_(n−1) = 1/(2n/μ + I_(n+1)/I_n) from far outside: the recurrence is stable downwards.
        int count = (int) reach;
        double[] logRatio = new double[count + 1];
        double ratio = 0;
        for (int n = 2 * count; n > 0; n--) {
            ratio = 1 / (2 * n / mu + ratio);
            if (n <= count) {
                logRatio[n] = Math.log(ratio);
            }
        }
        logMass = new double[count + 1];
        double sum = 0;
        for (int n = 1; n <= count; n++) {
            logMass[n] = logMass[n - 1] + logRatio[n];
            sum += 2 * Math.exp(logMass[n]);
        }
        double logTotal = Math.log1p(sum);
        for (int n = 0; n <= count; n++) {
            logMass[n] -= logTotal;
        }
    }

    @Override
    public double logMass(long z) {
        long n = Math.abs(z);
        return n < logMass.length ? logMass[(int) n] : Double.NEGATIVE_INFINITY;
    }

    @Override
    public long radius(double tail) {
        double outside = 0;
        for (int n = logMass.length - 1; n > 0; n--) {
            outside += 2 * Math.exp(logMass[n]);
            if (outside > tail) {
                return n;
            }
        }
        return 0;
    }
}
