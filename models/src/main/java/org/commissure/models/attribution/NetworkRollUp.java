package org.commissure.models.attribution;

import java.util.ArrayList;
import java.util.List;
import org.commissure.models.evaluation.Bootstrap;
import org.commissure.models.evaluation.Bootstrap.Interval;

/**
 * Maps of parcels by cortical network, on average over patients; intervals resample patients.
 *
 * @param networks 1 to 7 in order, then the parcels of none; networks without parcels are left out
 */
public record NetworkRollUp(List<Share> networks) {
    private static final int NETWORKS = 7;

    public NetworkRollUp {
        networks = List.copyOf(networks);
    }

    /** @param network 1 to 7, or 0 for the parcels of none */
    public record Share(int network, int parcels, Interval value) {}

    /**
     * How much a network's parcel counts compared with the average parcel, which counts 1: large networks are not
     * favoured.
     *
     * @param maps {@code [patients][parcels]}, not negative; each patient's map counts alike
     * @param labels 1 … 7 for each parcel, 0 where there is none
     */
    public static NetworkRollUp relative(double[][] maps, int[] labels, long seed) {
        double[][] scaled = new double[maps.length][];
        for (int i = 0; i < maps.length; i++) {
            double sum = 0;
            for (double value : maps[i]) {
                sum += value;
            }
            scaled[i] = maps[i].clone();
            for (int p = 0; p < scaled[i].length; p++) {
                scaled[i][p] = sum > 0 ? scaled[i][p] * scaled[i].length / sum : 1;
            }
        }
        return of(scaled, labels, true, seed);
    }

    /** Sums over a network's parcels, so that all networks together are the sum of the whole map. */
    public static NetworkRollUp sums(double[][] maps, int[] labels, long seed) {
        return of(maps, labels, false, seed);
    }

    private static NetworkRollUp of(double[][] maps, int[] labels, boolean meanOfParcels, long seed) {
        int[] parcels = new int[NETWORKS + 1];
        for (int label : labels) {
            parcels[label]++;
        }
        double[][] byNetwork = new double[maps.length][NETWORKS + 1];
        for (int i = 0; i < maps.length; i++) {
            if (maps[i].length != labels.length) {
                throw new IllegalArgumentException(
                        "a map has " + maps[i].length + " parcels, but the atlas " + labels.length);
            }
            for (int p = 0; p < labels.length; p++) {
                byNetwork[i][labels[p]] += maps[i][p] / (meanOfParcels ? parcels[labels[p]] : 1);
            }
        }
        List<Interval> intervals = Bootstrap.of(maps.length, seed, times -> {
            double[] mean = new double[NETWORKS + 1];
            for (int i = 0; i < byNetwork.length; i++) {
                for (int network = 0; network <= NETWORKS; network++) {
                    mean[network] += byNetwork[i][network] * times[i] / byNetwork.length;
                }
            }
            return mean;
        });
        List<Share> shares = new ArrayList<>();
        for (int network = 1; network <= NETWORKS + 1; network++) {
            int at = network % (NETWORKS + 1);
            if (parcels[at] > 0) {
                shares.add(new Share(at, parcels[at], intervals.get(at)));
            }
        }
        return new NetworkRollUp(shares);
    }
}
