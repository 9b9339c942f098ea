package org.commissure.models.future;

/** One patient's sums, by step of the horizon: what R² and mean squared errors of any set of patients follow from. */
final class HorizonSums {
    private final double[] values;
    private final double[] sum;
    private final double[] squares;
    private final double[][] errors;

    HorizonSums(int methods, int horizon) {
        values = new double[horizon];
        sum = new double[horizon];
        squares = new double[horizon];
        errors = new double[methods][horizon];
    }

    /** Adds the truth of a window. */
    void addTruth(FutureWindow window) {
        for (int step = 0; step < values.length; step++) {
            for (int p = 0; p < window.parcels(); p++) {
                double y = window.value(p, window.past() + step);
                values[step]++;
                sum[step] += y;
                squares[step] += y * y;
            }
        }
    }

    /** Adds a method's errors on a window. */
    void addErrors(int method, FutureWindow window, double[][] forecast) {
        for (int step = 0; step < values.length; step++) {
            for (int p = 0; p < window.parcels(); p++) {
                double difference = window.value(p, window.past() + step) - forecast[step][p];
                errors[method][step] += difference * difference;
            }
        }
    }

    /** Adds another patient's sums, so often. */
    void add(HorizonSums other, int times) {
        for (int step = 0; step < values.length; step++) {
            values[step] += times * other.values[step];
            sum[step] += times * other.sum[step];
            squares[step] += times * other.squares[step];
            for (int method = 0; method < errors.length; method++) {
                errors[method][step] += times * other.errors[method][step];
            }
        }
    }

    /** {@code 1 − Σ(y − ŷ)² / Σ(y − ȳ)²} over the steps {@code [from, to)}; not a number if truths do not vary. */
    double r2(int method, int from, int to) {
        double n = 0;
        double total = 0;
        double mean = 0;
        double error = 0;
        for (int step = from; step < to; step++) {
            n += values[step];
            mean += sum[step];
            total += squares[step];
            error += errors[method][step];
        }
        total -= mean * mean / n;
        return total > 0 ? 1 - error / total : Double.NaN;
    }

    /** Mean squared error over the steps {@code [from, to)}. */
    double meanSquaredError(int method, int from, int to) {
        double n = 0;
        double error = 0;
        for (int step = from; step < to; step++) {
            n += values[step];
            error += errors[method][step];
        }
        return error / n;
    }
}
