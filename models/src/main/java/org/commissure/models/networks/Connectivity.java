package org.commissure.models.networks;

/** A symmetric matrix from its upper triangle by rows. */
public final class Connectivity {
    private Connectivity() {}

    /**
     * The mean over patients.
     *
     * @param byPatient {@code [patients][pairs]}, at least one patient
     * @return {@code [parcels][parcels]}, 0 on the diagonal
     */
    public static double[][] mean(double[][] byPatient, int parcels) {
        double[][] matrix = new double[parcels][parcels];
        for (double[] pairs : byPatient) {
            if (pairs.length != parcels * (parcels - 1) / 2) {
                throw new IllegalArgumentException(pairs.length + " pairs are not those of " + parcels + " parcels");
            }
            int at = 0;
            for (int p = 0; p < parcels; p++) {
                for (int q = p + 1; q < parcels; q++) {
                    double value = pairs[at++] / byPatient.length;
                    matrix[p][q] += value;
                    matrix[q][p] += value;
                }
            }
        }
        return matrix;
    }
}
