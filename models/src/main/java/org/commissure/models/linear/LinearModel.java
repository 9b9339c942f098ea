package org.commissure.models.linear;

/**
 * ŷ = cᵀz for a patient's row z, whose first entry is 1. Immutable, thread-safe.
 *
 * <p>Columns that take no part, the target's among them, have the coefficient 0.
 */
public final class LinearModel {
    private final double[] coefficients;

    LinearModel(double[] coefficients) {
        this.coefficients = coefficients.clone();
    }

    /** The same number for everybody. @param width entries of a row */
    public static LinearModel constant(double value, int width) {
        double[] coefficients = new double[width];
        coefficients[0] = value;
        return new LinearModel(coefficients);
    }

    public double coefficient(int column) {
        return coefficients[column];
    }

    public double[] coefficients() {
        return coefficients.clone();
    }

    public double predict(double[] row) {
        double sum = 0;
        for (int i = 0; i < coefficients.length; i++) {
            sum += coefficients[i] * row[i];
        }
        return sum;
    }

    /** The logistic function of {@link #predict}. */
    public double probability(double[] row) {
        return logistic(predict(row));
    }

    static double logistic(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }
}
