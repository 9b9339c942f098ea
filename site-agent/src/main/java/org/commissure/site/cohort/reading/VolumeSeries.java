package org.commissure.site.cohort.reading;

import java.io.IOException;
import java.nio.file.Path;

/** A series of volumes becomes the mean of each parcel's voxels in each volume; streamed. */
final class VolumeSeries {
    private VolumeSeries() {}

    static ParcelSeries read(Path file, Parcellation atlas, boolean resample) throws IOException {
        if (!(atlas instanceof VolumeParcellation volumes)) {
            throw UnreadableSeriesException.mismatch("it holds voxels, but the atlas labels grayordinates");
        }
        try (NiftiStream in = NiftiStream.open(file)) {
            NiftiHeader header = in.header();
            int frames = NiftiStream.frames(header.dimensions()[3]);
            int perVolume = voxels(header);
            if (frames < 2 || header.count() != (long) perVolume * frames) {
                throw UnreadableSeriesException.unsupported(
                        frames < 2 ? "it is one volume, not a series" : "it has more than four dimensions");
            }
            VolumeParcellation.Placed placed = volumes.on(header, resample);
            ParcelMeans means = new ParcelMeans(placed.labels(), frames);
            in.forEach((index, value) -> means.add((int) (index % perVolume), (int) (index / perVolume), value));
            return new ParcelSeries(
                    means.values(), placed.labels().parcels(), frames, header.repetitionTimeSeconds(), placed.word());
        }
    }

    private static int voxels(NiftiHeader header) throws UnreadableSeriesException {
        int[] grid = header.grid();
        long voxels = (long) grid[0] * grid[1] * grid[2];
        if (voxels > Integer.MAX_VALUE) {
            throw UnreadableSeriesException.unsupported("a volume of it has " + voxels + " voxels");
        }
        return (int) voxels;
    }
}
