package org.commissure.privacy.dp.pld;

import java.util.List;

/** Puts the loss of a {@link GaussianPair} on a grid by quadrature of positive integrands: nothing cancels. */
record GaussianLoss(GaussianPair pair) implements LossPair {
    /** Gauss–Legendre, five points: exact to degree 9. */
    private static final double[] NODES = {
        -0.9061798459386640, -0.5384693101056831, 0, 0.5384693101056831, 0.9061798459386640
    };

    private static final double[] WEIGHTS = {
        0.2369268850561891, 0.4786286704993665, 0.5688888888888889, 0.4786286704993665, 0.2369268850561891
    };

    private static final int MAXIMUM_POINTS = 1 << 22;

    @Override
    public double scale() {
        double sigma = pair.sigma();
        double step = Math.min(sigma, sigma * sigma) / 4;
        double high = 1 + 8 * sigma;
        step = Math.max(step, high / 100_000);
        double sum = 0;
        for (double z = -1 - 8 * sigma; z < high; z += step) {
            double loss = pair.loss(z);
            sum += loss * loss * density(z) * pair.ratio(z) * step;
        }
        return Math.sqrt(sum);
    }

    @Override
    public List<GridLoss> onGrid(double interval, double tail) {
        double sigma = pair.sigma();
        double width = sigma * Math.sqrt(2 * Math.log(1 / (2 * Math.min(tail, 0.1)))); // Φ(−w) ≤ e^(−w²/2)/2
        double low = pair.lowestCentre() - width;
        double high = 1 + width;
        long first = (long) Math.floor(pair.loss(low) / interval);
        long last = (long) Math.ceil(pair.loss(high) / interval);
        if (last - first >= MAXIMUM_POINTS || last * interval > 600 || first * interval < -600) {
            throw new IllegalArgumentException("the noise multiplier " + sigma
                    + " is too small for a privacy loss distribution: the loss reaches " + pair.loss(high));
        }
        double[] mass = new double[(int) (last - first) + 1];
        double share = 1 / -Math.expm1(-interval);
        double from = low;
        double lower = pair.output(first * interval);
        for (int i = 0; i + 1 < mass.length; i++) {
            double lossBelow = (first + i) * interval;
            double lossAbove = (first + i + 1) * interval;
            double upper = pair.output(lossAbove);
            double to = Math.min(upper, high);
            if (to > from) {
                split(mass, i, share, lossBelow, lower, lossAbove, upper, from, to);
                from = to;
            }
            lower = upper;
        }
        mass[Math.min(1, mass.length - 1)] += tail; // outputs below `low`: their loss is raised to the grid's lowest
        GridLoss loss = new GridLoss(interval, first, mass, tail);
        if (pair.symmetric()) {
            return List.of(loss);
        }
        GridLoss reversed = loss.reversed(tail);
        reversed.mass()[Math.min(1, mass.length - 1)] += tail; // outputs above `high`
        return List.of(loss, reversed);
    }

    /** Adds to {@code mass[i]} and {@code mass[i + 1]} what lies at outputs from {@code from} to {@code to}. */
    private void split(
            double[] mass,
            int i,
            double share,
            double lossBelow,
            double lower,
            double lossAbove,
            double upper,
            double from,
            double to) {
        double sigma = pair.sigma();
        double widest = Math.min(sigma, sigma * sigma) / 4;
        int pieces = (int) Math.ceil((to - from) / widest);
        double half = (to - from) / pieces / 2;
        double up = 0;
        double down = 0;
        for (int piece = 0; piece < pieces; piece++) {
            double middle = from + (2 * piece + 1) * half;
            for (int n = 0; n < NODES.length; n++) {
                double z = middle + half * NODES[n];
                double weight = WEIGHTS[n] * density(z);
                up += weight * Math.max(0, pair.excess(lossBelow, lower, z));
                down += weight * Math.max(0, pair.shortfall(lossAbove, upper, z));
            }
        }
        mass[i + 1] += share * half * up;
        mass[i] += share * half * down * Math.exp(lossBelow - lossAbove);
    }

    private double density(double z) {
        double sigma = pair.sigma();
        return Math.exp(-z * z / (2 * sigma * sigma)) / (sigma * Math.sqrt(2 * Math.PI));
    }
}
