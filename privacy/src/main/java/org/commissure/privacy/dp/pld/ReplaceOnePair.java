package org.commissure.privacy.dp.pld;

/**
 * P = (1 − q)·N(0, σ²) + q·N(1, σ²), Q = (1 − q)·N(0, σ²) + q·N(−1, σ²): one patient replaced by one whose
 * contribution is opposite.
 */
record ReplaceOnePair(double q, double sigma) implements GaussianPair {
    @Override
    public double loss(double z) {
        return q == 1 ? 2 * z / (sigma * sigma) : half(z) - half(-z);
    }

    private double half(double z) {
        double x = (2 * z - 1) / (2 * sigma * sigma);
        return x > 30 ? Math.log(q) + x + Math.log1p((1 - q) / q * Math.exp(-x)) : Math.log1p(q * Math.expm1(x));
    }

    /** The positive root u = e^(z/σ²) of qk·u² − (1 − q)(e^ε − 1)·u − e^ε·qk = 0, k = e^(−1/2σ²); odd in ε. */
    @Override
    public double output(double loss) {
        double variance = sigma * sigma;
        if (q == 1 || loss == 0) {
            return loss * variance / 2;
        }
        if (loss < 0) {
            return -output(-loss);
        }
        double logQk = Math.log(q) - 1 / (2 * variance);
        double logB = Math.log1p(-q) + Math.log(Math.expm1(loss));
        double ratio = Math.exp(Math.log(4) + 2 * logQk + loss - 2 * logB);
        double logRoot = ratio < 1e200
                ? logB - logQk - Math.log(2) + Math.log1p(Math.sqrt(1 + ratio))
                : loss / 2; // the middle term is lost beside the others
        return variance * logRoot;
    }

    private double weight(double z) {
        return q * Math.exp((2 * z - 1) / (2 * sigma * sigma));
    }

    @Override
    public double ratio(double z) {
        return 1 - q + q * Math.exp((2 * z - 1) / (2 * sigma * sigma));
    }

    @Override
    public double excess(double loss, double output, double z) {
        double distance = (z - output) / (sigma * sigma);
        return weight(output) * Math.expm1(distance) - Math.exp(loss) * weight(-output) * Math.expm1(-distance);
    }

    @Override
    public double shortfall(double loss, double output, double z) {
        double distance = (output - z) / (sigma * sigma);
        return -weight(output) * Math.expm1(-distance) + Math.exp(loss) * weight(-output) * Math.expm1(distance);
    }

    @Override
    public boolean symmetric() {
        return true;
    }

    @Override
    public double lowestCentre() {
        return -1;
    }
}
