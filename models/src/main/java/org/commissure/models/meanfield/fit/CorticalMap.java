package org.commissure.models.meanfield.fit;

import java.util.Arrays;

/**
 * One number for each region, for example T1w/T2w myelin or the principal gradient of functional connectivity.
 *
 * @param values [regions]; not copied
 */
public record CorticalMap(String name, double[] values) {
    public CorticalMap {
        for (int region = 0; region < values.length; region++) {
            if (!Double.isFinite(values[region])) {
                throw new IllegalArgumentException(
                        "the map " + name + " has " + values[region] + " at region " + (region + 1));
            }
        }
    }

    double mean() {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Over the regions. */
    double deviation() {
        double mean = mean();
        return Math.sqrt(Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow());
    }
}
