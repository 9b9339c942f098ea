package org.commissure.privacy.dp;

/**
 * ε of composed steps, also unlike ones, by Rényi differential privacy. Every value is an upper bound.
 *
 * <p>Conversion: ε = r + ln(1 − 1/α) − ln(δα)/(α − 1), minimised over α (Canonne, Kamath, Steinke,
 * <i>The Discrete Gaussian for Differential Privacy</i>, arXiv:2004.00010v4, Proposition 12).
 */
public final class RdpAccountant {
    private RdpAccountant() {}

    /**
     * ε of {@code steps} equal Poisson-subsampled Gaussian steps, for an added or removed patient.
     *
     * @param samplingRate q in [0, 1]: probability with which a patient takes part in one step
     * @param noiseMultiplier σ &gt; 0: noise standard deviation divided by the clip norm
     * @param steps at least 0
     * @param delta δ in (0, 1)
     * @throws IllegalArgumentException naming the argument outside its range
     */
    public static Guarantee epsilon(double samplingRate, double noiseMultiplier, long steps, double delta) {
        return builder(RenyiOrders.ALL)
                .add(samplingRate, noiseMultiplier, steps)
                .epsilon(delta);
    }

    /** Starts a composition of unlike steps over {@link RenyiOrders#ALL}. */
    public static Builder builder() {
        return builder(RenyiOrders.ALL);
    }

    /** Starts a composition for an added or removed patient. */
    public static Builder builder(RenyiOrders orders) {
        return builder(orders, Relation.ADD_REMOVE);
    }

    public static Builder builder(RenyiOrders orders, Relation relation) {
        return new Builder(orders, relation);
    }

    /** Adds up the Rényi curves of what was done. Not thread-safe. */
    public static final class Builder {
        private final RenyiOrders orders;
        private final Relation relation;
        private final double[] spent;

        private Builder(RenyiOrders orders, Relation relation) {
            this.orders = orders;
            this.relation = relation;
            this.spent = new double[orders.count()];
        }

        /**
         * Composes {@code steps} more Poisson-subsampled Gaussian steps; arguments as in {@link
         * RdpAccountant#epsilon}.
         *
         * @throws IllegalArgumentException naming the argument outside its range
         */
        public Builder add(double samplingRate, double noiseMultiplier, long steps) {
            return add(new PoissonGaussian(samplingRate, noiseMultiplier), steps);
        }

        /** @throws IllegalArgumentException if {@code steps} is below 0 */
        public Builder add(Mechanism mechanism, long steps) {
            if (steps < 0) {
                throw new IllegalArgumentException("the number of steps is " + steps + ", below 0");
            }
            if (steps == 0) {
                return this; // 0 · ∞ of a dropped order would be NaN
            }
            for (int i = 0; i < spent.length; i++) {
                spent[i] += steps * mechanism.rdp(orders.order(i), relation);
            }
            return this;
        }

        /** @throws IllegalArgumentException if {@code delta} is not in (0, 1) */
        public Guarantee epsilon(double delta) {
            if (!(delta > 0 && delta < 1)) {
                throw new IllegalArgumentException("delta is " + delta + ", not in (0, 1)");
            }
            double best = Double.POSITIVE_INFINITY;
            double bestOrder = 0;
            for (int i = 0; i < spent.length; i++) {
                double epsilon = Math.max(0, convert(orders.order(i), spent[i], delta));
                if (epsilon < best) {
                    best = epsilon;
                    bestOrder = spent[i] == 0 ? 0 : orders.order(i);
                }
            }
            return new Guarantee(best, delta, bestOrder);
        }

        private static double convert(double order, double rdp, double delta) {
            // δ ≥ √(1 − e^−KL) ≥ total variation (Bretagnolle–Huber), and KL ≤ RDP: then ε = 0 holds.
            if (delta * delta + Math.expm1(-rdp) > 0) {
                return 0;
            }
            return rdp + Math.log1p(-1 / order) - Math.log(delta * order) / (order - 1);
        }
    }
}
