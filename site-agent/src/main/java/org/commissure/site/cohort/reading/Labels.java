package org.commissure.site.cohort.reading;

import java.util.Arrays;
import java.util.TreeSet;

/** Labels become parcels: −1 for 0, else the place among the labels that occur, in ascending order. */
record Labels(int[] parcelAt, int parcels) {

    /** @param labels whole numbers; not kept */
    static Labels of(double[] labels) throws UnreadableSeriesException {
        TreeSet<Integer> distinct = new TreeSet<>();
        int[] whole = new int[labels.length];
        for (int i = 0; i < labels.length; i++) {
            whole[i] = (int) labels[i];
            if (whole[i] != labels[i]) {
                throw UnreadableSeriesException.unsupported("it holds values that are no whole labels");
            }
            if (whole[i] != 0) {
                distinct.add(whole[i]);
            }
        }
        if (distinct.isEmpty()) {
            throw UnreadableSeriesException.unsupported("it holds no label");
        }
        int[] sorted = distinct.stream().mapToInt(Integer::intValue).toArray();
        for (int i = 0; i < whole.length; i++) {
            whole[i] = whole[i] == 0 ? -1 : Arrays.binarySearch(sorted, whole[i]);
        }
        return new Labels(whole, sorted.length);
    }

    /** Values of each parcel. */
    int[] counts() {
        int[] counts = new int[parcels];
        for (int parcel : parcelAt) {
            if (parcel >= 0) {
                counts[parcel]++;
            }
        }
        return counts;
    }
}
