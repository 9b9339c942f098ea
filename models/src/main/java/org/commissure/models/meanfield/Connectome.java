package org.commissure.models.meanfield;

/**
 * Structural connectivity of {@code regions} regions: symmetric, non-negative, zero diagonal, every
 * region connected to every other by some path. Immutable.
 */
public final class Connectome {
    /** Largest entry after scaling: {@code SC / max(SC) · 0.2} in the published code. */
    public static final double SCALED_MAXIMUM = 0.2;

    private static final double ASYMMETRY_TOLERANCE = 1e-6;

    private final int regions;
    private final double[] weights;

    private Connectome(int regions, double[] weights) {
        this.regions = regions;
        this.weights = weights;
    }

    /**
     * From streamline counts (or any strength): the diagonal is dropped and the largest entry scaled to
     * {@link #SCALED_MAXIMUM}.
     *
     * @param strengths [regions, regions]
     * @throws IllegalArgumentException if the matrix is not square, not finite, negative, asymmetric,
     *     or leaves a region without any path to another; the message names row and column, from 1
     */
    public static Connectome scaling(double[][] strengths) {
        Connectome checked = ofScaled(strengths);
        double largest = 0;
        for (double weight : checked.weights) {
            largest = Math.max(largest, weight);
        }
        double[] scaled = new double[checked.weights.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = checked.weights[i] / largest * SCALED_MAXIMUM;
        }
        return new Connectome(checked.regions, scaled);
    }

    /** As {@link #scaling}, but the entries are taken as they are. */
    public static Connectome ofScaled(double[][] weights) {
        int regions = weights.length;
        if (regions < 2) {
            throw new IllegalArgumentException(
                    "a structural connectome needs at least two regions, this one has " + regions);
        }
        double[] flat = new double[regions * regions];
        for (int row = 0; row < regions; row++) {
            if (weights[row].length != regions) {
                throw new IllegalArgumentException("the structural connectome has " + regions + " rows, but row "
                        + (row + 1) + " has " + weights[row].length + " columns");
            }
            for (int column = 0; column < regions; column++) {
                if (row != column) {
                    flat[row * regions + column] = entry(weights, row, column);
                }
            }
        }
        checkConnected(flat, regions);
        return new Connectome(regions, flat);
    }

    private static double entry(double[][] weights, int row, int column) {
        double value = weights[row][column];
        if (!Double.isFinite(value) || value < 0) {
            throw new IllegalArgumentException("the structural connectome has " + value + " at row " + (row + 1)
                    + ", column " + (column + 1) + "; entries must be finite and not negative");
        }
        double mirrored = weights[column][row];
        if (Math.abs(value - mirrored) > ASYMMETRY_TOLERANCE * Math.max(value, mirrored)) {
            throw new IllegalArgumentException(
                    "the structural connectome is not symmetric: " + value + " at row " + (row + 1) + ", column "
                            + (column + 1) + ", but " + mirrored + " at its mirror; average the two directions");
        }
        return value;
    }

    private static void checkConnected(double[] weights, int regions) {
        boolean[] reached = new boolean[regions];
        int[] queue = new int[regions];
        int filled = 1;
        reached[0] = true;
        for (int next = 0; next < filled; next++) {
            for (int other = 0; other < regions; other++) {
                if (!reached[other] && weights[queue[next] * regions + other] > 0) {
                    reached[other] = true;
                    queue[filled++] = other;
                }
            }
        }
        for (int region = 0; region < regions; region++) {
            if (!reached[region]) {
                throw new IllegalArgumentException("the structural connectome is not connected: region " + (region + 1)
                        + " has no path to region 1; remove it or complete the tractography");
            }
        }
    }

    public int regions() {
        return regions;
    }

    /** Weight from region {@code to} to region {@code from}, both from 0. */
    public double weight(int from, int to) {
        return weights[from * regions + to];
    }

    /** A copy of the weights, [regions, regions] by rows. */
    public double[] toArray() {
        return weights.clone();
    }
}
