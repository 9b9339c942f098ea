package org.commissure.models.meanfield.fit;

/** Gaussian elimination with partial pivoting. */
final class LinearSystem {
    private static final double SINGULAR = 1e-13;

    private LinearSystem() {}

    /**
     * @param matrix [n, n]; not changed
     * @throws ArithmeticException if the matrix is singular to working precision, or not finite
     */
    static double[] solve(double[][] matrix, double[] right) {
        int n = right.length;
        double[][] rows = new double[n][];
        double[] scale = new double[n];
        for (int i = 0; i < n; i++) {
            rows[i] = matrix[i].clone();
            scale[i] = largest(rows[i]);
        }
        double[] x = right.clone();
        for (int column = 0; column < n; column++) {
            int pivot = column;
            for (int row = column + 1; row < n; row++) {
                if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) {
                    pivot = row;
                }
            }
            swap(rows, x, scale, column, pivot);
            if (!(Math.abs(rows[column][column]) > SINGULAR * scale[column])) {
                throw new ArithmeticException("the system of " + n + " equations is singular at column " + column);
            }
            for (int row = column + 1; row < n; row++) {
                double factor = rows[row][column] / rows[column][column];
                for (int i = column; i < n; i++) {
                    rows[row][i] -= factor * rows[column][i];
                }
                x[row] -= factor * x[column];
            }
        }
        for (int row = n - 1; row >= 0; row--) {
            for (int i = row + 1; i < n; i++) {
                x[row] -= rows[row][i] * x[i];
            }
            x[row] /= rows[row][row];
        }
        return x;
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static void swap(double[][] rows, double[] x, double[] scale, int one, int other) {
        double[] row = rows[one];
        rows[one] = rows[other];
        rows[other] = row;
        double value = x[one];
        x[one] = x[other];
        x[other] = value;
        double size = scale[one];
        scale[one] = scale[other];
        scale[other] = size;
    }
}
