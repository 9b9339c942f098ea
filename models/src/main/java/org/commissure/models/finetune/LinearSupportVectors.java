package org.commissure.models.finetune;

/**
 * Linear support vector machines with squared loss, by coordinate descent in the dual (Hsieh et al. 2008, algorithm 1;
 * for regression Ho and Lin 2012, algorithm 4). The intercept is the weight of a column of ones and penalised with the others, as in
 * LIBLINEAR. Deterministic. Stateless.
 */
final class LinearSupportVectors {
    private static final double CONVERGED = 1e-9;
    private static final int MOST_SWEEPS = 5_000;

    private LinearSupportVectors() {}

    /**
     * Minimises ½|w|² + cost·Σ max(0, 1 − y·w·x)².
     *
     * @param rows [patients][width]
     * @param members who is on the positive side
     * @return [width + 1], the intercept last
     */
    static double[] classifier(double[][] rows, boolean[] members, double cost) {
        double[] w = new double[rows[0].length + 1];
        double[] alpha = new double[rows.length];
        double diagonal = 1 / (2 * cost);
        for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
            double largest = 0;
            for (int i = 0; i < rows.length; i++) {
                double sign = members[i] ? 1 : -1;
                double gradient = sign * decision(w, rows[i]) - 1 + diagonal * alpha[i];
                double before = alpha[i];
                alpha[i] = Math.max(0, before - gradient / (squares(rows[i]) + diagonal));
                add(w, rows[i], sign * (alpha[i] - before));
                largest = Math.max(largest, Math.abs(alpha[i] - before));
            }
            if (largest < CONVERGED) {
                break;
            }
        }
        return w;
    }

    /**
     * Minimises ½|w|² + cost·Σ max(0, |y − w·x| − width of the tube)².
     *
     * @return [width + 1], the intercept last
     */
    static double[] regressor(double[][] rows, double[] targets, double cost, double tube) {
        double[] w = new double[rows[0].length + 1];
        double[] beta = new double[rows.length];
        double diagonal = 1 / (2 * cost);
        for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
            double largest = 0;
            for (int i = 0; i < rows.length; i++) {
                double gradient = decision(w, rows[i]) - targets[i] + diagonal * beta[i];
                double curvature = squares(rows[i]) + diagonal;
                double move;
                if (gradient + tube < curvature * beta[i]) {
                    move = -(gradient + tube) / curvature;
                } else if (gradient - tube > curvature * beta[i]) {
                    move = -(gradient - tube) / curvature;
                } else {
                    move = -beta[i];
                }
                beta[i] += move;
                add(w, rows[i], move);
                largest = Math.max(largest, Math.abs(move));
            }
            if (largest < CONVERGED) {
                break;
            }
        }
        return w;
    }

    static double decision(double[] weights, double[] row) {
        double sum = weights[row.length];
        for (int j = 0; j < row.length; j++) {
            sum += weights[j] * row[j];
        }
        return sum;
    }

    private static double squares(double[] row) {
        double sum = 1;
        for (double value : row) {
            sum += value * value;
        }
        return sum;
    }

    private static void add(double[] weights, double[] row, double times) {
        for (int j = 0; j < row.length; j++) {
            weights[j] += times * row[j];
        }
        weights[row.length] += times;
    }
}
