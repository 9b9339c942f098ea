package org.commissure.models.attribution;

/** From values of a window to one number for each parcel. */
public final class ParcelMaps {
    private ParcelMaps() {}

    /** Sum over a parcel's frames. @param values {@code [parcels, frames]} */
    public static double[] net(float[] values, int parcels) {
        int frames = values.length / parcels;
        double[] sums = new double[parcels];
        for (int i = 0; i < values.length; i++) {
            sums[i / frames] += values[i];
        }
        return sums;
    }

    /** Sum of sizes over a parcel's frames. @param values {@code [parcels, frames]} */
    public static double[] size(float[] values, int parcels) {
        int frames = values.length / parcels;
        double[] sums = new double[parcels];
        for (int i = 0; i < values.length; i++) {
            sums[i / frames] += Math.abs(values[i]);
        }
        return sums;
    }

    /** How much a parcel is looked at by the others: columns' sums. @param attention {@code [parcels, parcels]} */
    public static double[] received(float[] attention, int parcels) {
        double[] sums = new double[parcels];
        for (int i = 0; i < attention.length; i++) {
            if (i / parcels != i % parcels) {
                sums[i % parcels] += attention[i];
            }
        }
        return sums;
    }
}
