package org.commissure.models.networks;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Guesses each parcel's network from its most similar labelled parcels, itself left out. Every one of them has a vote;
 * of networks with equally many votes, that of the more similar parcel wins.
 */
final class NearestNeighbours {
    private final int neighbours;

    NearestNeighbours(int neighbours) {
        this.neighbours = neighbours;
    }

    /** How alike two parcels are; larger is more. */
    interface Likeness {
        double of(int parcel, int other);
    }

    /**
     * @param labels 1 … 7 for each parcel, 0 where there is none
     * @return a guess for each labelled parcel, 0 for the others
     */
    int[] guesses(int[] labels, Likeness likeness) {
        int[] guesses = new int[labels.length];
        for (int parcel = 0; parcel < labels.length; parcel++) {
            if (labels[parcel] > 0) {
                guesses[parcel] = guess(parcel, labels, likeness);
            }
        }
        return guesses;
    }

    private int guess(int parcel, int[] labels, Likeness likeness) {
        double[] alike = new double[labels.length];
        Arrays.setAll(alike, other -> other == parcel || labels[other] == 0 ? 0 : likeness.of(parcel, other));
        int[] nearest = IntStream.range(0, labels.length)
                .filter(other -> other != parcel && labels[other] > 0)
                .boxed()
                .sorted(Comparator.comparingDouble(other -> -alike[other]))
                .limit(neighbours)
                .mapToInt(Integer::intValue)
                .toArray();
        int[] votes = new int[1 + Arrays.stream(labels).max().orElse(0)];
        for (int other : nearest) {
            votes[labels[other]]++;
        }
        int best = labels[nearest[0]];
        for (int other : nearest) { // from the most similar on, so that it wins ties
            if (votes[labels[other]] > votes[best]) {
                best = labels[other];
            }
        }
        return best;
    }

    /**
     * Pearson's correlation of two parcels' profiles over all other parcels: what a parcel is to itself says nothing of
     * its network, and would set its own profile apart.
     *
     * @param profiles {@code [parcels][parcels]}
     */
    static Likeness correlation(double[][] profiles) {
        return (parcel, other) -> {
            double[] a = profiles[parcel];
            double[] b = profiles[other];
            double sumA = 0;
            double sumB = 0;
            int n = 0;
            for (int j = 0; j < a.length; j++) {
                if (j != parcel && j != other) {
                    sumA += a[j];
                    sumB += b[j];
                    n++;
                }
            }
            double ab = 0;
            double aa = 0;
            double bb = 0;
            for (int j = 0; j < a.length; j++) {
                if (j != parcel && j != other) {
                    double da = a[j] - sumA / n;
                    double db = b[j] - sumB / n;
                    ab += da * db;
                    aa += da * da;
                    bb += db * db;
                }
            }
            return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
        };
    }

    /** Nearer in space is more alike. @param places {@code [parcels][3]} */
    static Likeness nearness(float[][] places) {
        return (parcel, other) -> {
            double squares = 0;
            for (int axis = 0; axis < 3; axis++) {
                double d = places[parcel][axis] - places[other][axis];
                squares += d * d;
            }
            return -squares;
        };
    }
}
