package org.commissure.models.meanfield.fit;

import org.commissure.models.meanfield.tangent.ConnectivityJacobian;

/**
 * (JᵀJ/e^λ + Π) δ = Jᵀr/e^λ − Π a, with residuals r, prior precision Π and the current logarithms a.
 *
 * @param matrix [p, p]
 * @param right [p]
 */
record NormalEquations(double[][] matrix, double[] right) {

    static NormalEquations of(ConnectivityJacobian jacobian, double[] empirical, double[] logs, double priorVariance) {
        int parameters = logs.length;
        double[] residual = empirical.clone();
        double square = 0;
        for (int pair = 0; pair < residual.length; pair++) {
            residual[pair] -= jacobian.correlation()[pair];
            square += residual[pair] * residual[pair];
        }
        double variance = Math.max(square / (residual.length - parameters), Double.MIN_NORMAL);
        double[][] matrix = new double[parameters][parameters];
        double[] right = new double[parameters];
        for (int row = 0; row < parameters; row++) {
            for (int column = 0; column <= row; column++) {
                matrix[row][column] = dot(jacobian.derivatives()[row], jacobian.derivatives()[column]) / variance;
                matrix[column][row] = matrix[row][column];
            }
            matrix[row][row] += 1 / priorVariance;
            right[row] = dot(jacobian.derivatives()[row], residual) / variance - logs[row] / priorVariance;
        }
        return new NormalEquations(matrix, right);
    }

    /** @param damping share by which the diagonal is raised (Marquardt 1963) */
    double[] step(double damping) {
        double[][] damped = new double[matrix.length][];
        for (int row = 0; row < damped.length; row++) {
            damped[row] = matrix[row].clone();
            damped[row][row] *= 1 + damping;
        }
        return LinearSystem.solve(damped, right);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
