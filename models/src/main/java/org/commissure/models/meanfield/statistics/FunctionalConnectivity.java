package org.commissure.models.meanfield.statistics;

import org.commissure.models.meanfield.Bold;

/** Pearson correlations between regions, as the upper triangle by rows: (1,2), (1,3), …, (n−1,n). */
public final class FunctionalConnectivity {
    /** Keeps {@code atanh} finite where two series are equal. */
    private static final double LARGEST = 1 - 1e-12;

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
        int frames = bold.frames();
        double[] centred = centredByRegion(bold);
        double[] norm = new double[regions];
        for (int region = 0; region < regions; region++) {
            norm[region] = Math.sqrt(dot(centred, region * frames, region * frames, frames));
        }
        double[] correlation = new double[pairs(regions)];
        int pair = 0;
        for (int i = 0; i < regions; i++) {
            for (int j = i + 1; j < regions; j++) {
                correlation[pair++] = dot(centred, i * frames, j * frames, frames) / (norm[i] * norm[j]);
            }
        }
        return correlation;
    }

    private static double[] centredByRegion(Bold bold) {
        int regions = bold.regions();
        int frames = bold.frames();
        double[] centred = new double[regions * frames];
        for (int region = 0; region < regions; region++) {
            double mean = 0;
            for (int frame = 0; frame < frames; frame++) {
                mean += bold.values()[frame * regions + region];
            }
            mean /= frames;
            for (int frame = 0; frame < frames; frame++) {
                centred[region * frames + frame] = bold.values()[frame * regions + region] - mean;
            }
        }
        return centred;
    }

    private static double dot(double[] values, int first, int second, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values[first + i] * values[second + i];
        }
        return sum;
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
     * @throws IllegalArgumentException if the matrix is not square, or an entry not a correlation
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
                triangle[pair++] = r;
            }
        }
        return triangle;
    }
}
