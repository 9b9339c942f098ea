package org.commissure.protocol.study;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks of the matrices and maps that travel with a regional study. */
final class RegionalAtlasChecks {
    private static final String WEIGHTS = "regional.atlas.weights";
    private static final String CONNECTIVITY = "regional.atlas.structural_connectivity";
    private static final double UNIT_TOLERANCE = 1e-3;

    private RegionalAtlasChecks() {}

    static void map(String key, Optional<double[]> map, int regions) {
        if (map.isEmpty()) {
            return;
        }
        if (map.get().length != regions) {
            throw new StudyException(key, "has " + map.get().length + " numbers for " + regions + " regions");
        }
        for (double value : map.get()) {
            Checks.range(key, value, -1e9, 1e9);
        }
    }

    /** Every region's weights are positive and add up to 1. */
    static void weights(Optional<double[][]> weights, int regions, int parcels) {
        if (weights.isEmpty()) {
            if (regions != parcels) {
                throw new StudyException(
                        "regional.atlas.source_parcels",
                        "is " + parcels + " for " + regions + " regions, and there are no " + WEIGHTS);
            }
            return;
        }
        double[] sums = new double[regions];
        for (double[] entry : weights.get()) {
            if (entry == null || entry.length != 3) {
                throw new StudyException(WEIGHTS, "needs rows of three numbers: region, parcel, weight");
            }
            Checks.range(WEIGHTS, entry[0], 1, regions);
            Checks.range(WEIGHTS, entry[1], 1, parcels);
            Checks.range(WEIGHTS, entry[2], 0, 1);
            if (entry[0] != Math.rint(entry[0]) || entry[1] != Math.rint(entry[1])) {
                throw new StudyException(WEIGHTS, "names regions and parcels by whole numbers");
            }
            sums[(int) entry[0] - 1] += entry[2];
        }
        for (int region = 0; region < regions; region++) {
            if (Math.abs(sums[region] - 1) > UNIT_TOLERANCE) {
                throw new StudyException(
                        WEIGHTS, "of region " + (region + 1) + " add up to " + sums[region] + ", not to 1");
            }
        }
    }

    /** Square, finite, not negative, symmetric; whether it is connected is the model's to check. */
    static void connectivity(double @Nullable [][] matrix, int regions) {
        Checks.present(CONNECTIVITY, matrix);
        if (matrix == null || matrix.length != regions) {
            throw new StudyException(CONNECTIVITY, "is not a matrix of " + regions + " regions");
        }
        for (int row = 0; row < regions; row++) {
            if (matrix[row] == null || matrix[row].length != regions) {
                throw new StudyException(CONNECTIVITY, "is not square in row " + (row + 1));
            }
            for (int column = 0; column < row; column++) {
                Checks.range(CONNECTIVITY, matrix[row][column], 0, 1e12);
                double difference = Math.abs(matrix[row][column] - matrix[column][row]);
                if (!(difference <= 1e-6 * matrix[row][column])) {
                    throw new StudyException(
                            CONNECTIVITY,
                            "is not symmetric at row " + (row + 1) + ", column " + (column + 1)
                                    + "; average the two directions");
                }
            }
        }
    }
}
