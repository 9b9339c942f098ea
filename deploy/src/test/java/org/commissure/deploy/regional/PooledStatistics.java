package org.commissure.deploy.regional;

import java.util.Arrays;
import java.util.List;
import org.commissure.site.cohort.Subject;

/**
 * Sufficient statistics as the text of the protocol defines them, written for clearness and for nothing
 * else, over patients of all sites in one pool: what no party of the federation ever sees.
 */
final class PooledStatistics {
    private PooledStatistics() {}

    /** n, Σ of clipped centred z, Σ of histogram shares. */
    static double[] of(List<Subject> subjects, int window, int bins, double clip) {
        int parcels = subjects.getFirst().parcels();
        int pairs = parcels * (parcels - 1) / 2;
        double[] sums = new double[1 + pairs + bins];
        for (Subject subject : subjects) {
            float[] series = subject.load();
            int frames = subject.frames();
            double[] z = connectivity(series, parcels, frames, 0, frames);
            for (int i = 0; i < pairs; i++) {
                z[i] = 0.5 * Math.log((1 + z[i]) / (1 - z[i]));
            }
            double mean = Arrays.stream(z).average().orElseThrow();
            double norm =
                    Math.sqrt(Arrays.stream(z).map(v -> (v - mean) * (v - mean)).sum());
            sums[0]++;
            for (int i = 0; i < pairs; i++) {
                sums[1 + i] += (z[i] - mean) * Math.min(1, clip / norm);
            }
            double[] shares = dynamics(series, parcels, frames, window, bins);
            for (int i = 0; i < bins; i++) {
                sums[1 + pairs + i] += shares[i];
            }
        }
        return sums;
    }

    private static double[] dynamics(float[] series, int parcels, int frames, int window, int bins) {
        int windows = frames - window + 1;
        double[][] connectivity = new double[windows][];
        for (int from = 0; from < windows; from++) {
            connectivity[from] = connectivity(series, parcels, frames, from, window);
        }
        double[] counts = new double[bins];
        int together = 10_000 / bins;
        double total = 0;
        for (int a = 0; a < windows; a++) {
            for (int b = a + 1; b < windows; b++) {
                double r = pearson(connectivity[a], 0, connectivity[b], 0, connectivity[a].length);
                if (r >= -0.9999) {
                    int fine = Math.min(9_999, (int) ((r + 0.9999) * (10_000 / 1.9999)));
                    counts[fine / together]++;
                    total++;
                }
            }
        }
        for (int i = 0; i < bins; i++) {
            counts[i] /= total;
        }
        return counts;
    }

    private static double[] connectivity(float[] series, int parcels, int frames, int from, int length) {
        double[] values = new double[parcels * frames];
        for (int i = 0; i < values.length; i++) {
            values[i] = series[i];
        }
        double[] r = new double[parcels * (parcels - 1) / 2];
        int pair = 0;
        for (int i = 0; i < parcels; i++) {
            for (int j = i + 1; j < parcels; j++) {
                r[pair++] = pearson(values, i * frames + from, values, j * frames + from, length);
            }
        }
        return r;
    }

    private static double pearson(double[] a, int fromA, double[] b, int fromB, int length) {
        double meanA = Arrays.stream(a, fromA, fromA + length).average().orElseThrow();
        double meanB = Arrays.stream(b, fromB, fromB + length).average().orElseThrow();
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < length; i++) {
            double x = a[fromA + i] - meanA;
            double y = b[fromB + i] - meanB;
            ab += x * y;
            aa += x * x;
            bb += y * y;
        }
        return ab / Math.sqrt(aa * bb);
    }
}
