package org.commissure.models.harmonise;

import java.util.List;

/**
 * One site's location γ* and scale δ* by ComBat's empirical Bayes, over the site's own features and nobody else's
 * patients. A site that was not in the reference gets its own the same way. Immutable, thread-safe.
 */
public final class SiteAdjustment implements Adjustment {
    /** Where the published implementations stop, so that results equal theirs. */
    private static final double CONVERGED = 1e-4;

    private static final int FEWEST_PATIENTS = 3;
    private static final int MOST_ITERATIONS = 10_000;

    private final CombatReference reference;
    private final double[] location;
    private final double[] scale;

    private SiteAdjustment(CombatReference reference, double[] location, double[] scale) {
        this.reference = reference;
        this.location = location;
        this.scale = scale;
    }

    /**
     * @param x [patients][covariates] of the site's training patients
     * @param y [patients][features], at least two features
     * @throws ArithmeticException if there are fewer than three patients
     */
    public static SiteAdjustment fit(CombatReference reference, List<double[]> x, List<double[]> y) {
        int n = y.size();
        if (n < FEWEST_PATIENTS) {
            throw new ArithmeticException("a site's location and scale need at least " + FEWEST_PATIENTS + " patients");
        }
        int features = y.getFirst().length;
        double[][] z = new double[features][n];
        double[] gamma = new double[features];
        double[] delta = new double[features];
        for (int f = 0; f < features; f++) {
            for (int i = 0; i < n; i++) {
                z[f][i] = reference.standardised(y.get(i)[f], x.get(i), f);
            }
            gamma[f] = mean(z[f]);
            delta[f] = variance(z[f]);
            delta[f] = delta[f] == 0 ? 1 : delta[f];
        }
        // Moments of the priors: γ ~ N(γ̄, τ²), δ² ~ InverseGamma(a, b) (Johnson 2007, section 3.2).
        double tau = variance(gamma);
        double m = mean(delta);
        double s = variance(delta);
        double a = (2 * s + m * m) / s;
        double b = (m * s + m * m * m) / s;
        return solve(reference, z, gamma, delta, new Prior(mean(gamma), tau, a, b));
    }

    private record Prior(double mean, double variance, double a, double b) {}

    /** Equations for γ* and δ* in turn, for all features until none moves. */
    private static SiteAdjustment solve(
            CombatReference reference, double[][] z, double[] gamma, double[] delta, Prior prior) {
        int n = z[0].length;
        double[] location = gamma.clone();
        double[] scale = delta.clone();
        double change = 1;
        for (int round = 0; change > CONVERGED && round < MOST_ITERATIONS; round++) {
            change = Double.NEGATIVE_INFINITY;
            for (int f = 0; f < z.length; f++) {
                double next =
                        (prior.variance() * n * gamma[f] + scale[f] * prior.mean()) / (prior.variance() * n + scale[f]);
                double squares = 0;
                for (double value : z[f]) {
                    squares += (value - next) * (value - next);
                }
                double nextScale = (squares / 2 + prior.b()) / (n / 2.0 + prior.a() - 1);
                // Divided by the signed location, as published: a negative one never holds the loop up.
                change = Math.max(change, Math.abs(next - location[f]) / location[f]);
                change = Math.max(change, Math.abs(nextScale - scale[f]) / scale[f]);
                location[f] = next;
                scale[f] = nextScale;
            }
        }
        return new SiteAdjustment(reference, location, scale);
    }

    @Override
    public double[] of(double[] covariates, double[] features) {
        double[] out = new double[features.length];
        for (int f = 0; f < out.length; f++) {
            double z = reference.standardised(features[f], covariates, f);
            out[f] = reference.restored((z - location[f]) / Math.sqrt(scale[f]), covariates, f);
        }
        return out;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** With divisor n − 1. */
    private static double variance(double[] values) {
        double mean = mean(values);
        double sum = 0;
        for (double value : values) {
            sum += (value - mean) * (value - mean);
        }
        return sum / (values.length - 1);
    }
}
