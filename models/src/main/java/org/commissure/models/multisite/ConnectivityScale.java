package org.commissure.models.multisite;

import java.util.List;

/**
 * Mean 0 and variance 1 of each pair, from some rows of one site: what a site can do for itself. A pair that does not
 * vary becomes 0.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ConnectivityScale(float[] mean, float[] inverseDeviation) {

    static ConnectivityScale of(List<float[]> rows) {
        int pairs = rows.getFirst().length;
        double[] sum = new double[pairs];
        double[] squares = new double[pairs];
        for (float[] row : rows) {
            for (int j = 0; j < pairs; j++) {
                sum[j] += row[j];
                squares[j] += (double) row[j] * row[j];
            }
        }
        float[] mean = new float[pairs];
        float[] inverse = new float[pairs];
        for (int j = 0; j < pairs; j++) {
            double m = sum[j] / rows.size();
            double variance = squares[j] / rows.size() - m * m;
            mean[j] = (float) m;
            inverse[j] = variance > 1e-12 ? (float) (1 / Math.sqrt(variance)) : 0;
        }
        return new ConnectivityScale(mean, inverse);
    }

    float[] of(float[] row) {
        float[] scaled = new float[row.length];
        for (int j = 0; j < row.length; j++) {
            scaled[j] = (row[j] - mean[j]) * inverseDeviation[j];
        }
        return scaled;
    }
}
