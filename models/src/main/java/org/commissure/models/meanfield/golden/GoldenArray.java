package org.commissure.models.meanfield.golden;

import java.util.List;

/**
 * An array of a golden folder.
 *
 * @param values flat, the last axis fastest
 * @param single whether the file holds floats, so that it cannot be met more closely than their rounding
 */
record GoldenArray(List<Integer> shape, double[] values, boolean single) {
    private static final double ROUNDING = 0x1p-23;

    /** {@code tolerance}, or the rounding of a file in single precision where that is larger. */
    double tolerance(double tolerance) {
        if (!single) {
            return tolerance;
        }
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return Math.max(tolerance, ROUNDING * largest);
    }
}
