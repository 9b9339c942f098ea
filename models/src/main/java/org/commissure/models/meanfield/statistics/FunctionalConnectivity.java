package org.commissure.models.meanfield.statistics;

import org.commissure.models.meanfield.Bold;

/** Pearson correlations between regions, as the upper triangle by rows: (1,2), (1,3), …, (n−1,n). */
public final class FunctionalConnectivity {
    /** Keeps {@code atanh} finite where two series are equal. */
    private static final double LARGEST = 1 - 1e-12;

    private static final double ASYMMETRY_TOLERANCE = 1e-4; // files are printed with few digits

    private FunctionalConnectivity() {}

    /** Number of pairs of regions. */
    public static int pairs(int regions) {
        return regions * (regions - 1) / 2;
    }

    /**
     * @return [pairs]; the correlation with a constant series is not a number, which the caller excludes
     *     beforehand
     */
    public static double[] of(Bold bold) {
        int regions = bold.regions();
        double[] centred = centred(bold);
        double[] products = new double[pairs(regions)];
        double[] squares = new double[regions];
        for (int frame = 0; frame < bold.frames(); frame++) {
            addProducts(centred, frame * regions, squares, products);
        }
        double[] norm = new double[regions];
        for (int region = 0; region < regions; region++) {
            norm[region] = Math.sqrt(squares[region]);
        }
        int pair = 0;
        for (int i = 0; i < regions; i++) {
            for (int j = i + 1; j < regions; j++) {
                products[pair++] /= norm[i] * norm[j];
            }
        }
        return products;
    }

    /** One frame's part of all products at once, which the compiler turns into vectors; sums over time it would not. */
    private static void addProducts(double[] centred, int frame, double[] squares, double[] products) {
        int regions = squares.length;
        int pair = 0;
        for (int i = 0; i < regions; i++) {
            double value = centred[frame + i];
            squares[i] += value * value;
            int others = regions - i - 1;
            int first = frame + i + 1;
            for (int j = 0; j < others; j++) {
                products[pair + j] += value * centred[first + j];
            }
            pair += others;
        }
    }

    /** [frames, regions] without each region's mean. */
    static double[] centred(Bold bold) {
        int regions = bold.regions();
        double[] mean = new double[regions];
        for (int at = 0; at < bold.values().length; at++) {
            mean[at % regions] += bold.values()[at];
        }
        double[] centred = new double[bold.values().length];
        for (int at = 0; at < centred.length; at++) {
            centred[at] = bold.values()[at] - mean[at % regions] / bold.frames();
        }
        return centred;
    }

    /** Fisher's z, elementwise. */
    public static double[] fisherZ(double[] correlation) {
        double[] z = new double[correlation.length];
        for (int i = 0; i < z.length; i++) {
            double r = Math.max(-LARGEST, Math.min(LARGEST, correlation[i]));
            z[i] = 0.5 * Math.log((1 + r) / (1 - r));
        }
        return z;
    }

    /**
     * The upper triangle of a matrix of correlations.
     *
     * @throws IllegalArgumentException if the matrix is not square or not symmetric, or an entry not a correlation
     */
    public static double[] upperTriangle(double[][] matrix) {
        int regions = matrix.length;
        double[] triangle = new double[pairs(regions)];
        int pair = 0;
        for (int i = 0; i < regions; i++) {
            if (matrix[i].length != regions) {
                throw new IllegalArgumentException("the functional connectivity has " + regions + " rows, but row "
                        + (i + 1) + " has " + matrix[i].length + " columns");
            }
            for (int j = i + 1; j < regions; j++) {
                double r = matrix[i][j];
                if (!(Math.abs(r) <= 1)) {
                    throw new IllegalArgumentException("the functional connectivity has " + r + " at row " + (i + 1)
                            + ", column " + (j + 1) + "; correlations lie between −1 and 1");
                }
                if (matrix[j].length == regions && !(Math.abs(r - matrix[j][i]) <= ASYMMETRY_TOLERANCE)) {
                    throw new IllegalArgumentException("the functional connectivity is not symmetric: " + r + " at row "
                            + (i + 1) + ", column " + (j + 1) + ", but " + matrix[j][i] + " at its mirror");
                }
                triangle[pair++] = r;
            }
        }
        return triangle;
    }
}
