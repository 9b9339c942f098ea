package org.commissure.models.linear;

/** The factor L of a symmetric positive definite matrix {@code A = LLᵀ}, and what it solves. Immutable, thread-safe. */
public final class Cholesky {
    private final double[][] lower;

    private Cholesky(double[][] lower) {
        this.lower = lower;
    }

    /**
     * @param matrix [n, n]; only its lower triangle is read
     * @throws ArithmeticException if it is not positive definite to working precision
     */
    public static Cholesky of(double[][] matrix) {
        int n = matrix.length;
        double[][] lower = new double[n][];
        for (int i = 0; i < n; i++) {
            double[] row = new double[i + 1];
            for (int j = 0; j < i; j++) {
                row[j] = (matrix[i][j] - dot(row, lower[j], j)) / lower[j][j];
            }
            double pivot = matrix[i][i] - dot(row, row, i);
            if (!(pivot > 0)) {
                throw new ArithmeticException("a matrix of " + n + " rows is not positive definite at row " + (i + 1));
            }
            row[i] = Math.sqrt(pivot);
            lower[i] = row;
        }
        return new Cholesky(lower);
    }

    /** x with {@code Ax = right}. */
    public double[] solve(double[] right) {
        double[] x = right.clone();
        for (int i = 0; i < x.length; i++) {
            x[i] = (x[i] - dot(lower[i], x, i)) / lower[i][i];
        }
        for (int i = x.length - 1; i >= 0; i--) {
            x[i] /= lower[i][i];
            for (int k = 0; k < i; k++) {
                x[k] -= lower[i][k] * x[i];
            }
        }
        return x;
    }

    private static double dot(double[] a, double[] b, int length) {
        double sum = 0;
        for (int k = 0; k < length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }
}
