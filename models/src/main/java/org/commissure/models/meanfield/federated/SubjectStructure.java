package org.commissure.models.meanfield.federated;

/**
 * One patient's structural connectome as it enters a sum.
 *
 * @param strengths [pairs], upper triangle by rows: largest entry scaled to 1, then the whole scaled down to the clip
 *     norm where it is longer. Tractographies count differently from site to site; only shares of the largest edge
 *     can be added up.
 */
public record SubjectStructure(double[] strengths) {
    private static final double ASYMMETRY_TOLERANCE = 1e-6;

    /**
     * The diagonal is dropped. A patient's own connectome may be disconnected; the group's may not.
     *
     * @param matrix [regions, regions], any unit
     * @param clipNorm largest L2 norm of {@code strengths}
     * @throws IllegalArgumentException if it is of another size, not finite, negative, asymmetric or empty; the message
     *     holds no value of the patient
     */
    public static SubjectStructure of(double[][] matrix, int regions, double clipNorm) {
        if (matrix.length != regions) {
            throw new IllegalArgumentException("it has " + matrix.length + " rows for " + regions + " regions");
        }
        double[] strengths = new double[regions * (regions - 1) / 2];
        int pair = 0;
        double largest = 0;
        for (int row = 0; row < regions; row++) {
            if (matrix[row].length != regions) {
                throw new IllegalArgumentException(
                        "it has " + matrix[row].length + " columns for " + regions + " regions");
            }
            for (int column = row + 1; column < regions; column++) {
                double value = entry(matrix, row, column);
                strengths[pair++] = value;
                largest = Math.max(largest, value);
            }
        }
        if (largest == 0) {
            throw new IllegalArgumentException("it connects no two regions");
        }
        double square = 0;
        for (int i = 0; i < strengths.length; i++) {
            strengths[i] /= largest;
            square += strengths[i] * strengths[i];
        }
        double factor = Math.min(1, clipNorm / Math.sqrt(square));
        for (int i = 0; i < strengths.length; i++) {
            strengths[i] *= factor;
        }
        return new SubjectStructure(strengths);
    }

    private static double entry(double[][] matrix, int row, int column) {
        double value = matrix[row][column];
        double mirrored = matrix[column].length > row ? matrix[column][row] : Double.NaN;
        String where = " at row " + (row + 1) + ", column " + (column + 1);
        if (!Double.isFinite(value) || !Double.isFinite(mirrored)) {
            throw new IllegalArgumentException("it is not finite" + where);
        }
        if (value < 0 || mirrored < 0) {
            throw new IllegalArgumentException("it is negative" + where);
        }
        if (Math.abs(value - mirrored) > ASYMMETRY_TOLERANCE * Math.max(value, mirrored)) {
            throw new IllegalArgumentException("it is not symmetric" + where);
        }
        return value;
    }
}
