package org.commissure.models.baseline;

import java.util.Arrays;

/**
 * A coarse grid over the brain on which every parcel has a cell of its own: the free one whose centre is nearest to the
 * parcel's coordinates, parcels taken in order. The same coordinates give the same grid on every machine.
 */
final class ParcelGrid {
    private static final int MAXIMUM_CELLS = 1 << 18;

    private final int[] size = new int[3];
    private final int[] cells;

    /** @throws IllegalArgumentException if there are fewer cells than parcels, or too many to convolve over */
    ParcelGrid(float[][] coordinatesMillimetres, double cellMillimetres) {
        double[] low = new double[3];
        long count = 1;
        for (int axis = 0; axis < 3; axis++) {
            int a = axis;
            var range = Arrays.stream(coordinatesMillimetres)
                    .mapToDouble(row -> row[a])
                    .summaryStatistics();
            low[axis] = range.getMin();
            double edge = Math.floor((range.getMax() - range.getMin()) / cellMillimetres) + 1;
            if (!(edge * count <= MAXIMUM_CELLS)) {
                throw new IllegalArgumentException("model configuration: cells of " + cellMillimetres
                        + " mm make a grid of more than " + MAXIMUM_CELLS + " cells; use larger ones");
            }
            size[axis] = (int) edge;
            count *= size[axis];
        }
        if (count < coordinatesMillimetres.length) {
            throw new IllegalArgumentException("model configuration: a grid of " + size[0] + " × " + size[1] + " × "
                    + size[2] + " cells of " + cellMillimetres + " mm has no place for "
                    + coordinatesMillimetres.length + " parcels; use smaller cells");
        }
        cells = new int[coordinatesMillimetres.length];
        boolean[] taken = new boolean[(int) count];
        for (int parcel = 0; parcel < cells.length; parcel++) {
            cells[parcel] = nearestFree(coordinatesMillimetres[parcel], low, cellMillimetres, taken);
            taken[cells[parcel]] = true;
        }
    }

    private int nearestFree(float[] at, double[] low, double edge, boolean[] taken) {
        int best = -1;
        double bestDistance = Double.POSITIVE_INFINITY;
        for (int cell = 0; cell < taken.length; cell++) {
            double x = low[0] + (cell / (size[1] * size[2]) + 0.5) * edge - at[0];
            double y = low[1] + (cell / size[2] % size[1] + 0.5) * edge - at[1];
            double z = low[2] + (cell % size[2] + 0.5) * edge - at[2];
            double distance = x * x + y * y + z * z;
            if (!taken[cell] && distance < bestDistance) {
                best = cell;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** Cells along x, y or z. */
    int size(int axis) {
        return size[axis];
    }

    /** Cells of the whole grid. */
    int count() {
        return size[0] * size[1] * size[2];
    }

    /** Row-major index ({@code [x, y, z]}) of a parcel's cell. */
    int cell(int parcel) {
        return cells[parcel];
    }
}
