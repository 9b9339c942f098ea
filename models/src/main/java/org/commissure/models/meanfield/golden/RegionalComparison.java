package org.commissure.models.meanfield.golden;

import java.util.OptionalDouble;

/**
 * One output of one engine against the reference.
 *
 * @param golden the case's name in the manifest
 * @param output file or cost, as the folder names it
 * @param engine double or float
 * @param largestDifference absolute
 * @param tolerance empty where the difference is told but not judged
 */
public record RegionalComparison(
        String golden, String output, String engine, double largestDifference, OptionalDouble tolerance) {
    /** NaN fails. */
    public boolean pass() {
        return tolerance.isEmpty() || largestDifference <= tolerance.getAsDouble();
    }
}
