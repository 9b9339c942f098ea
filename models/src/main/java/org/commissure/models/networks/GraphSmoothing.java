package org.commissure.models.networks;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What a graph convolutional network does to its features, without its trained weights: {@code S^K · X} with {@code S =
 * D^(−1/2) · (A + I) · D^(−1/2)} (Kipf &amp; Welling 2017, equation 2; Wu et al. 2019, equation 8). No label takes part,
 * so it cannot leak one. {@code A} joins each parcel with the {@value #EDGES} parcels of largest positive connectivity,
 * whoever of the two chose the other.
 */
final class GraphSmoothing {
    static final int EDGES = 10;

    private GraphSmoothing() {}

    /**
     * @param connectivity {@code [parcels][parcels]}, symmetric; the diagonal is not read
     * @return {@code [parcels][parcels]}: the rows of {@code S^steps · connectivity}, whose diagonal counts as 0
     */
    static double[][] of(double[][] connectivity, int steps) {
        int parcels = connectivity.length;
        double[][] spread = normalised(connectivity);
        double[][] features = new double[parcels][];
        for (int p = 0; p < parcels; p++) {
            features[p] = connectivity[p].clone();
            features[p][p] = 0;
        }
        for (int step = 0; step < steps; step++) {
            features = product(spread, features);
        }
        return features;
    }

    private static double[][] normalised(double[][] connectivity) {
        int parcels = connectivity.length;
        double[][] graph = new double[parcels][parcels];
        for (int p = 0; p < parcels; p++) {
            double[] row = connectivity[p];
            int self = p;
            int[] strongest = IntStream.range(0, parcels)
                    .filter(q -> q != self && row[q] > 0)
                    .boxed()
                    .sorted(Comparator.comparingDouble(q -> -row[q]))
                    .limit(EDGES)
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int q : strongest) {
                graph[p][q] = row[q];
                graph[q][p] = row[q];
            }
            graph[p][p] = 1;
        }
        double[] root = Arrays.stream(graph)
                .mapToDouble(row -> 1 / Math.sqrt(Arrays.stream(row).sum()))
                .toArray();
        for (int p = 0; p < parcels; p++) {
            for (int q = 0; q < parcels; q++) {
                graph[p][q] *= root[p] * root[q];
            }
        }
        return graph;
    }

    private static double[][] product(double[][] a, double[][] b) {
        double[][] c = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int k = 0; k < b.length; k++) {
                if (a[i][k] != 0) {
                    for (int j = 0; j < c[i].length; j++) {
                        c[i][j] += a[i][k] * b[k][j];
                    }
                }
            }
        }
        return c;
    }
}
