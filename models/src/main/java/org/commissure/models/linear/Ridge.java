package org.commissure.models.linear;

import java.util.List;

/**
 * Ridge regression (Hoerl and Kennard 1970) from {@link Moments} alone. Columns are taken to mean 0 and variance 1 over
 * all patients of the moments, the intercept carries no penalty: b minimises {@code Σ(y − ȳ − uᵀb)²/n + λ|b|²}, so λ is
 * for one patient and means the same in cohorts of any size. A constant column gets the coefficient 0. Stateless.
 */
public final class Ridge {
    private Ridge() {}

    /**
     * @param predictors columns, without column 0
     * @throws ArithmeticException if there are no patients
     */
    public static LinearModel fit(Moments moments, int[] predictors, int target, double penalty) {
        if (!(moments.patients() >= 1)) {
            throw new ArithmeticException("there are no patients to fit");
        }
        double[] standardised = standardised(moments, predictors, target, penalty);
        double[] coefficients = new double[moments.width()];
        coefficients[0] = moments.mean(target);
        for (int i = 0; i < predictors.length; i++) {
            double deviation = moments.deviation(predictors[i]);
            if (deviation > 0) {
                coefficients[predictors[i]] = standardised[i] / deviation;
                coefficients[0] -= coefficients[predictors[i]] * moments.mean(predictors[i]);
            }
        }
        return new LinearModel(coefficients);
    }

    /** b for columns of variance 1: (R + λI) b = r. */
    static double[] standardised(Moments moments, int[] predictors, int target, double penalty) {
        int p = predictors.length;
        double[][] matrix = new double[p][p];
        double[] right = new double[p];
        double[] inverse = new double[p];
        for (int i = 0; i < p; i++) {
            double deviation = moments.deviation(predictors[i]);
            inverse[i] = deviation > 0 ? 1 / deviation : 0;
            right[i] = moments.covariance(predictors[i], target) * inverse[i];
            for (int j = 0; j <= i; j++) {
                matrix[i][j] = moments.covariance(predictors[i], predictors[j]) * inverse[i] * inverse[j];
            }
            matrix[i][i] += penalty;
        }
        return Cholesky.of(matrix).solve(right);
    }

    /**
     * The penalty whose models err least on folds that they were not fitted on.
     *
     * @param folds at least two unless there is one penalty
     * @param penalties of equals the first is taken
     */
    public static double choose(List<Moments> folds, int[] predictors, int target, List<Double> penalties) {
        if (penalties.size() == 1) {
            return penalties.getFirst();
        }
        Moments all = sum(folds);
        double best = penalties.getFirst();
        double least = Double.POSITIVE_INFINITY;
        for (double penalty : penalties) {
            double error = 0;
            for (Moments fold : folds) {
                Moments rest = all.minus(fold);
                if (fold.patients() > 0 && rest.patients() >= 1) {
                    error += fold.squaredError(fit(rest, predictors, target, penalty), target);
                }
            }
            if (error < least) {
                least = error;
                best = penalty;
            }
        }
        return best;
    }

    /** The patients of all folds. */
    public static Moments sum(List<Moments> folds) {
        return folds.stream().reduce(Moments::plus).orElseThrow(() -> new IllegalArgumentException("there is no fold"));
    }
}
