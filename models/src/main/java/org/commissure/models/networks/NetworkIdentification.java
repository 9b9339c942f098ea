package org.commissure.models.networks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.commissure.models.evaluation.Bootstrap;
import org.commissure.models.evaluation.Bootstrap.Interval;

/**
 * How many parcels' networks are told from their profiles, parcel by parcel, each from all others. Networks are
 * contiguous in space, and a model's attention knows where parcels lie: an accuracy says little without that of places
 * alone beside it.
 *
 * @param methods in the order given, then the majority
 * @param parcels labelled ones, which are classified
 * @param unlabelled parcels of no network: parts of a profile, but neither classified nor asked
 */
public record NetworkIdentification(List<Method> methods, int parcels, int unlabelled) {
    private static final int NETWORKS = 7;

    public NetworkIdentification {
        methods = List.copyOf(methods);
    }

    /**
     * One description of parcels.
     *
     * @param accuracy share of parcels told rightly; the interval resamples parcels
     * @param lead accuracy minus that of the first method, on the same resamples
     * @param recallByNetwork share of each network's parcels found, 1 to 7; not a number for a network without parcels
     */
    public record Method(String name, Interval accuracy, Interval lead, List<Double> recallByNetwork) {
        public Method {
            recallByNetwork = List.copyOf(recallByNetwork);
        }

        /** Mean recall of the networks that occur. */
        public double balancedAccuracy() {
            return recallByNetwork.stream()
                    .filter(r -> !r.isNaN())
                    .mapToDouble(r -> r)
                    .average()
                    .orElse(Double.NaN);
        }
    }

    /**
     * Compares descriptions of the same parcels.
     *
     * @param labels 1 … 7 for each parcel, 0 where there is none
     * @param attention {@code [parcels][parcels]} of models by name, in order; all others are compared with the first
     * @param connectivity {@code [parcels][parcels]}: Fisher-transformed correlations, mean over patients
     * @param places {@code [parcels][3]} millimetres
     * @param neighbours asked for each parcel
     * @throws IllegalArgumentException if shapes differ, a label is none, or there are too few labelled parcels
     */
    public static NetworkIdentification of(
            int[] labels,
            Map<String, double[][]> attention,
            double[][] connectivity,
            float[][] places,
            int neighbours,
            long seed) {
        check(labels, attention, connectivity, places, neighbours);
        var nearest = new NearestNeighbours(neighbours);
        Map<String, int[]> guesses = new LinkedHashMap<>();
        attention.forEach((name, profiles) ->
                guesses.put(name, nearest.guesses(labels, NearestNeighbours.correlation(profiles))));
        guesses.put("connectivity profile", nearest.guesses(labels, NearestNeighbours.correlation(connectivity)));
        for (int steps = 1; steps <= 2; steps++) {
            guesses.put(
                    "GCN-smoothed connectivity, " + steps + (steps == 1 ? " step" : " steps"),
                    nearest.guesses(labels, NearestNeighbours.correlation(GraphSmoothing.of(connectivity, steps))));
        }
        guesses.put("place alone", nearest.guesses(labels, NearestNeighbours.nearness(places)));
        guesses.put("majority", majority(labels));
        return scored(labels, guesses, seed);
    }

    private static void check(
            int[] labels,
            Map<String, double[][]> attention,
            double[][] connectivity,
            float[][] places,
            int neighbours) {
        int parcels = labels.length;
        for (int label : labels) {
            require(label >= 0 && label <= NETWORKS, "a label is " + label + ", not 0 to " + NETWORKS);
        }
        attention.forEach((name, profiles) -> square(name, profiles, parcels));
        require(!attention.isEmpty(), "there is no attention to compare with");
        square("connectivity", connectivity, parcels);
        require(places.length == parcels, places.length + " places for " + parcels + " parcels");
        long labelled = Arrays.stream(labels).filter(label -> label > 0).count();
        require(
                neighbours >= 1 && labelled > neighbours,
                labelled + " labelled parcels are too few to ask " + neighbours + " neighbours of each");
    }

    private static void square(String name, double[][] matrix, int parcels) {
        require(
                matrix.length == parcels && Arrays.stream(matrix).allMatch(row -> row.length == parcels),
                name + " is not [" + parcels + ", " + parcels + "]");
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }

    /** The commonest network among the other parcels; of equally common ones the first. */
    private static int[] majority(int[] labels) {
        int[] guesses = new int[labels.length];
        for (int parcel = 0; parcel < labels.length; parcel++) {
            if (labels[parcel] > 0) {
                int[] count = new int[NETWORKS + 1];
                for (int other = 0; other < labels.length; other++) {
                    count[labels[other]] += other == parcel ? 0 : 1;
                }
                int best = 1;
                for (int network = 2; network <= NETWORKS; network++) {
                    best = count[network] > count[best] ? network : best;
                }
                guesses[parcel] = best;
            }
        }
        return guesses;
    }

    private static NetworkIdentification scored(int[] labels, Map<String, int[]> guesses, long seed) {
        int[] parcels =
                IntStream.range(0, labels.length).filter(p -> labels[p] > 0).toArray();
        List<int[]> all = List.copyOf(guesses.values());
        int methods = all.size();
        List<Interval> intervals = Bootstrap.of(parcels.length, seed, times -> {
            double[] statistics = new double[2 * methods];
            for (int m = 0; m < methods; m++) {
                for (int i = 0; i < parcels.length; i++) {
                    statistics[m] += all.get(m)[parcels[i]] == labels[parcels[i]] ? times[i] : 0;
                }
                statistics[m] /= parcels.length;
                statistics[methods + m] = statistics[m] - statistics[0];
            }
            return statistics;
        });
        List<Method> scored = new ArrayList<>();
        for (String name : guesses.keySet()) {
            int m = scored.size();
            scored.add(new Method(name, intervals.get(m), intervals.get(methods + m), recall(labels, all.get(m))));
        }
        return new NetworkIdentification(scored, parcels.length, labels.length - parcels.length);
    }

    private static List<Double> recall(int[] labels, int[] guesses) {
        double[] members = new double[NETWORKS + 1];
        double[] found = new double[NETWORKS + 1];
        for (int p = 0; p < labels.length; p++) {
            members[labels[p]]++;
            found[labels[p]] += guesses[p] == labels[p] ? 1 : 0;
        }
        List<Double> recall = new ArrayList<>();
        for (int network = 1; network <= NETWORKS; network++) {
            recall.add(found[network] / members[network]); // 0/0 is not a number, as it should be
        }
        return recall;
    }
}
