package org.commissure.models.meanfield.federated;

import org.commissure.models.meanfield.Bold;

/**
 * Series of one parcellation as series of the model's regions: each region is a weighted mean of
 * parcels. Immutable.
 */
public final class ParcelMapping {
    private final int regions;
    private final int parcels;
    /** [entries]: region and parcel from 0, and the weight. */
    private final int[] region;

    private final int[] parcel;
    private final double[] weight;

    private ParcelMapping(int regions, int parcels, int[] region, int[] parcel, double[] weight) {
        this.regions = regions;
        this.parcels = parcels;
        this.region = region;
        this.parcel = parcel;
        this.weight = weight;
    }

    /** Parcels are the regions. */
    public static ParcelMapping identity(int regions) {
        int[] same = new int[regions];
        double[] one = new double[regions];
        for (int i = 0; i < regions; i++) {
            same[i] = i;
            one[i] = 1;
        }
        return new ParcelMapping(regions, regions, same, same.clone(), one);
    }

    /**
     * @param entries {@code [region, parcel, weight]}, counted from 1
     * @throws IllegalArgumentException if an entry names no region or parcel, or a region has no weight
     */
    public static ParcelMapping of(int regions, int parcels, double[][] entries) {
        int[] region = new int[entries.length];
        int[] parcel = new int[entries.length];
        double[] weight = new double[entries.length];
        boolean[] covered = new boolean[regions];
        for (int i = 0; i < entries.length; i++) {
            region[i] = (int) entries[i][0] - 1;
            parcel[i] = (int) entries[i][1] - 1;
            weight[i] = entries[i][2];
            if (region[i] < 0 || region[i] >= regions || parcel[i] < 0 || parcel[i] >= parcels || !(weight[i] >= 0)) {
                throw new IllegalArgumentException("entry " + (i + 1) + " of the parcel weights names region "
                        + (region[i] + 1) + " of " + regions + ", parcel " + (parcel[i] + 1) + " of " + parcels
                        + ", weight " + weight[i]);
            }
            covered[region[i]] |= weight[i] > 0;
        }
        for (int i = 0; i < regions; i++) {
            if (!covered[i]) {
                throw new IllegalArgumentException("region " + (i + 1) + " has no parcel with a weight above 0");
            }
        }
        return new ParcelMapping(regions, parcels, region, parcel, weight);
    }

    public int regions() {
        return regions;
    }

    /**
     * @param series [parcels, frames] by rows
     * @return [frames, regions]
     */
    public Bold map(float[] series, int frames) {
        if (series.length != Math.multiplyExact(parcels, frames)) {
            throw new IllegalArgumentException(
                    series.length + " values are not " + parcels + " parcels of " + frames + " frames");
        }
        double[] mapped = new double[frames * regions];
        for (int i = 0; i < weight.length; i++) {
            int row = parcel[i] * frames;
            for (int frame = 0; frame < frames; frame++) {
                mapped[frame * regions + region[i]] += weight[i] * series[row + frame];
            }
        }
        return new Bold(frames, regions, mapped);
    }
}
