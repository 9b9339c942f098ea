package org.commissure.site.cohort.reading;

import java.util.stream.IntStream;

/**
 * Frames with too much motion are replaced by the straight line between the nearest frames that are kept, so that the
 * length and the spacing in time stay; at the ends the nearest kept frame is repeated (Power 2014, without its spectral
 * fill).
 *
 * @param series with the censored frames filled
 * @param kept how many frames were not
 */
public record Scrubbing(ParcelSeries series, int kept) {

    /**
     * @param limitMillimetres frames above it are censored; unknown displacement is taken as still
     * @throws UnreadableSeriesException if the table has another number of frames, or nothing is left
     */
    public static Scrubbing of(ParcelSeries series, Confounds confounds, double limitMillimetres)
            throws UnreadableSeriesException {
        float[] displacement = confounds.framewiseDisplacement();
        if (displacement.length != series.frames()) {
            throw UnreadableSeriesException.mismatch(
                    "its confounds table has " + displacement.length + " rows for " + series.frames() + " frames");
        }
        int[] kept = IntStream.range(0, displacement.length)
                .filter(frame -> !(displacement[frame] > limitMillimetres))
                .toArray();
        if (kept.length == 0) {
            throw UnreadableSeriesException.unsupported("no frame of it is still enough to keep");
        }
        float[] values = series.values().clone();
        for (int parcel = 0; parcel < series.parcels(); parcel++) {
            fill(values, parcel * series.frames(), series.frames(), kept);
        }
        return new Scrubbing(series.with(values), kept.length);
    }

    private static void fill(float[] values, int start, int frames, int[] kept) {
        int next = 0;
        for (int frame = 0; frame < frames; frame++) {
            if (next < kept.length && kept[next] == frame) {
                next++;
            } else if (next == 0) {
                values[start + frame] = values[start + kept[0]];
            } else if (next == kept.length) {
                values[start + frame] = values[start + kept[next - 1]];
            } else {
                int before = kept[next - 1];
                int after = kept[next];
                float share = (float) (frame - before) / (after - before);
                values[start + frame] = (1 - share) * values[start + before] + share * values[start + after];
            }
        }
    }
}
