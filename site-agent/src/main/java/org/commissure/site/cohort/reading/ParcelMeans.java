package org.commissure.site.cohort.reading;

/** Sums up voxels by parcel and frame. A voxel that is NaN makes its parcel NaN, so that the admission check sees it. */
final class ParcelMeans {
    private final int[] parcelAt;
    private final int[] counts;
    private final int frames;
    private final double[] sums;

    ParcelMeans(Labels labels, int frames) {
        this.parcelAt = labels.parcelAt();
        this.counts = labels.counts();
        this.frames = frames;
        this.sums = new double[Math.multiplyExact(counts.length, frames)];
    }

    /** @param place voxel of a volume, or grayordinate */
    void add(int place, int frame, double value) {
        int parcel = parcelAt[place];
        if (parcel >= 0) {
            sums[parcel * frames + frame] += value;
        }
    }

    /** Row-major {@code [parcels, frames]}. */
    float[] values() {
        float[] means = new float[sums.length];
        for (int i = 0; i < means.length; i++) {
            means[i] = (float) (sums[i] / counts[i / frames]);
        }
        return means;
    }
}
