package org.commissure.models.golden;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** Differences between numbers and their references, gathered one pair at a time. */
final class Differences {
    private final double[] actual;
    private final double[] expected;
    private int count;

    Differences(int capacity) {
        actual = new double[capacity];
        expected = new double[capacity];
    }

    static Differences of(int count, IntToDoubleFunction actual, IntToDoubleFunction expected) {
        var differences = new Differences(count);
        for (int i = 0; i < count; i++) {
            differences.add(actual.applyAsDouble(i), expected.applyAsDouble(i));
        }
        return differences;
    }

    void add(double value, double reference) {
        actual[count] = value;
        expected[count] = reference;
        count++;
    }

    /** NaN if any number is. */
    double largestAbsolute() {
        double largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
        }
        return largest;
    }

    /** The absolute difference that {@code share} of the numbers do not exceed; NaN counts as the largest. */
    double within(double share) {
        double[] sorted = new double[count];
        for (int i = 0; i < count; i++) {
            sorted[i] = Math.abs(actual[i] - expected[i]);
        }
        Arrays.sort(sorted);
        return count == 0 ? 0 : sorted[(int) Math.ceil(share * count) - 1];
    }

    double largestReference() {
        double largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        return largest;
    }

    double norm() {
        double squares = 0;
        for (int i = 0; i < count; i++) {
            squares += (actual[i] - expected[i]) * (actual[i] - expected[i]);
        }
        return Math.sqrt(squares);
    }

    double referenceNorm() {
        double squares = 0;
        for (int i = 0; i < count; i++) {
            squares += expected[i] * expected[i];
        }
        return Math.sqrt(squares);
    }

    /** @param difference what is judged against {@code tolerance} */
    Comparison compare(String name, Kind kind, double difference, double tolerance) {
        double floor = Math.max(1e-6 * largestReference(), Double.MIN_NORMAL);
        double relative = 0;
        long beyond = 0;
        for (int i = 0; i < count; i++) {
            relative = Math.max(relative, Math.abs(actual[i] - expected[i]) / Math.max(Math.abs(expected[i]), floor));
            beyond += Math.abs(actual[i] - expected[i]) <= tolerance ? 0 : 1;
        }
        double norm = norm();
        return new Comparison(
                name,
                kind,
                count,
                largestAbsolute(),
                relative,
                norm > 0 || Double.isNaN(norm) ? norm / Math.max(referenceNorm(), Double.MIN_NORMAL) : 0,
                beyond,
                difference,
                tolerance);
    }
}
