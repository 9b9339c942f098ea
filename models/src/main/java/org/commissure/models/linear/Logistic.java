package org.commissure.models.linear;

/**
 * Ridge logistic regression by Newton's method (Hastie, Tibshirani and Friedman, section 4.4.1), each step from sums
 * over patients: gradient and Hessian of the log-likelihood at a point that all sites know.
 *
 * <p>The point θ is the intercept, then one coefficient for each predictor as a column of mean 0 and variance 1 over the
 * training patients; means and deviations come from their {@link Moments}. Maximised is {@code Σ log p(y) −
 * ½·n·λ·w·|θ|²} without the intercept, w = ȳ(1 − ȳ): then the first Newton step from the intercept alone is ridge regression with
 * the penalty λ, so one λ means the same to both. Immutable, thread-safe.
 */
public final class Logistic {
    private static final double ROUNDING = 0x1p32;

    private final Moments moments;
    private final int[] predictors;
    private final int target;
    private final double penalty;
    private final double weight;
    private final double[] mean;
    private final double[] inverseDeviation;

    /**
     * @param moments of all training patients; the target is 0 or 1
     * @throws ArithmeticException if a class has fewer than two members
     */
    public Logistic(Moments moments, int[] predictors, int target, double penalty) {
        double members = moments.product(0, target);
        if (!(members > 1.5 && moments.patients() - members > 1.5)) {
            throw new ArithmeticException("a class has fewer than two members among the training patients");
        }
        this.moments = moments;
        this.predictors = predictors.clone();
        this.target = target;
        this.penalty = penalty;
        double share = moments.mean(target);
        this.weight = share * (1 - share);
        this.mean = new double[predictors.length];
        this.inverseDeviation = new double[predictors.length];
        for (int i = 0; i < predictors.length; i++) {
            double deviation = moments.deviation(predictors[i]);
            mean[i] = moments.mean(predictors[i]);
            inverseDeviation[i] = deviation > 0 ? 1 / deviation : 0;
        }
    }

    /** Entries of θ. */
    public int coefficients() {
        return 1 + predictors.length;
    }

    /** Numbers of gradient, Hessian (upper triangle by rows) and log-likelihood. */
    public static int length(int coefficients) {
        return coefficients + Moments.length(coefficients) + 1;
    }

    /** Newton's first step from the intercept alone, which least squares gives. */
    public double[] start() {
        double[] point = new double[coefficients()];
        double share = moments.mean(target);
        point[0] = Math.log(share / (1 - share));
        double[] slopes = Ridge.standardised(moments, predictors, target, penalty);
        for (int i = 0; i < slopes.length; i++) {
            point[1 + i] = slopes[i] / weight;
        }
        return rounded(point);
    }

    /** Adds one patient's part of gradient, Hessian and log-likelihood at {@code point} to {@code sums[offset ..]}. */
    public void add(double[] row, double[] point, double[] sums, int offset) {
        double[] u = standardised(row);
        double logit = 0;
        for (int i = 0; i < u.length; i++) {
            logit += point[i] * u[i];
        }
        double probability = LinearModel.logistic(logit);
        double residual = row[target] - probability;
        double curvature = probability * (1 - probability);
        int at = offset;
        for (double value : u) {
            sums[at++] += value * residual;
        }
        for (int i = 0; i < u.length; i++) {
            double left = curvature * u[i];
            for (int j = i; j < u.length; j++) {
                sums[at++] += left * u[j];
            }
        }
        sums[at] += row[target] * logit - softplus(logit);
    }

    private double[] standardised(double[] row) {
        double[] u = new double[coefficients()];
        u[0] = 1;
        for (int i = 0; i < predictors.length; i++) {
            u[1 + i] = (row[predictors[i]] - mean[i]) * inverseDeviation[i];
        }
        return u;
    }

    /** log(1 + eˣ) without overflow. */
    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /**
     * Where Newton's method goes from {@code point}.
     *
     * @param sums of all patients at that point, from {@code offset} on
     */
    public double[] next(double[] point, double[] sums, int offset) {
        int n = coefficients();
        double ridge = moments.patients() * penalty * weight;
        double[] gradient = new double[n];
        double[][] hessian = new double[n][n];
        int at = offset + n;
        for (int i = 0; i < n; i++) {
            gradient[i] = sums[offset + i] - (i == 0 ? 0 : ridge * point[i]);
            for (int j = i; j < n; j++) {
                hessian[j][i] = sums[at++];
            }
            hessian[i][i] += i == 0 ? 0 : ridge;
        }
        double[] step = Cholesky.of(hessian).solve(gradient);
        for (int i = 0; i < n; i++) {
            step[i] += point[i];
        }
        return rounded(step);
    }

    /** To multiples of 2^-32, which a secure sum takes exactly: the point that is published is the point that was used. */
    private static double[] rounded(double[] point) {
        double[] grid = new double[point.length];
        for (int i = 0; i < grid.length; i++) {
            grid[i] = Math.rint(point[i] * ROUNDING) / ROUNDING;
        }
        return grid;
    }

    /** The largest move of a coefficient. */
    public static double movement(double[] from, double[] to) {
        double largest = 0;
        for (int i = 0; i < from.length; i++) {
            largest = Math.max(largest, Math.abs(to[i] - from[i]));
        }
        return largest;
    }

    /** For rows as they are. */
    public LinearModel model(double[] point) {
        double[] coefficients = new double[moments.width()];
        coefficients[0] = point[0];
        for (int i = 0; i < predictors.length; i++) {
            coefficients[predictors[i]] = point[1 + i] * inverseDeviation[i];
            coefficients[0] -= coefficients[predictors[i]] * mean[i];
        }
        return new LinearModel(coefficients);
    }
}
