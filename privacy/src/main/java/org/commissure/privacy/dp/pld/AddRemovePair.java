package org.commissure.privacy.dp.pld;

/** P = (1 − q)·N(0, σ²) + q·N(1, σ²), Q = N(0, σ²): one patient removed; reversed, one added. */
record AddRemovePair(double q, double sigma) implements GaussianPair {
    @Override
    public double loss(double z) {
        double x = (2 * z - 1) / (2 * sigma * sigma);
        return q == 1
                ? x
                : x > 30 ? Math.log(q) + x + Math.log1p((1 - q) / q * Math.exp(-x)) : Math.log1p(q * Math.expm1(x));
    }

    @Override
    public double output(double loss) {
        if (q == 1) {
            return sigma * sigma * loss + 0.5;
        }
        double weight = weight(loss);
        return weight > 0 ? sigma * sigma * Math.log(weight / q) + 0.5 : Double.NEGATIVE_INFINITY;
    }

    /** e^loss − (1 − q): q·e^((2z−1)/2σ²) at the output z with that loss. */
    private double weight(double loss) {
        return q == 1 ? Math.exp(loss) : Math.expm1(loss) + q;
    }

    @Override
    public double ratio(double z) {
        return 1 - q + q * Math.exp((2 * z - 1) / (2 * sigma * sigma));
    }

    @Override
    public double excess(double loss, double output, double z) {
        double weight = weight(loss);
        return weight > 0
                ? weight * Math.expm1((z - output) / (sigma * sigma))
                : q * Math.exp((2 * z - 1) / (2 * sigma * sigma)) - weight;
    }

    @Override
    public double shortfall(double loss, double output, double z) {
        return -weight(loss) * Math.expm1((z - output) / (sigma * sigma));
    }

    @Override
    public boolean symmetric() {
        return q == 1;
    }

    @Override
    public double lowestCentre() {
        return 0;
    }
}
