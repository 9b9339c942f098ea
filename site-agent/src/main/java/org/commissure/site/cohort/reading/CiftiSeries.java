package org.commissure.site.cohort.reading;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** CIFTI-2 series of parcels, or of grayordinates that an atlas averages. */
final class CiftiSeries {
    private CiftiSeries() {}

    static ParcelSeries parcels(Path file) throws IOException {
        try (CiftiMatrix matrix = CiftiMatrix.open(file)) {
            int parcels = matrix.length(CiftiMap.PARCELS);
            int frames = matrix.length(CiftiMap.SERIES);
            if (matrix.map(CiftiMap.PARCELS).entries().size() != parcels) {
                throw UnreadableSeriesException.damaged("it names another number of parcels than it holds");
            }
            float[] values = new float[Math.multiplyExact(parcels, frames)];
            matrix.forEach(CiftiMap.PARCELS, (parcel, frame, value) -> values[parcel * frames + frame] = (float) value);
            return new ParcelSeries(
                    values, parcels, frames, matrix.map(CiftiMap.SERIES).stepSeconds(), Optional.empty());
        }
    }

    static ParcelSeries grayordinates(Path file, Parcellation atlas) throws IOException {
        if (!(atlas instanceof GrayordinateParcellation surfaces)) {
            throw UnreadableSeriesException.mismatch("it holds grayordinates, but the atlas labels voxels");
        }
        try (CiftiMatrix matrix = CiftiMatrix.open(file)) {
            if (!matrix.map(CiftiMap.GRAYORDINATES).entries().equals(surfaces.entries())) {
                throw UnreadableSeriesException.mismatch("its grayordinates are not those of the atlas");
            }
            int frames = matrix.length(CiftiMap.SERIES);
            ParcelMeans means = new ParcelMeans(surfaces.labels(), frames);
            matrix.forEach(CiftiMap.GRAYORDINATES, means::add);
            return new ParcelSeries(
                    means.values(),
                    surfaces.parcels(),
                    frames,
                    matrix.map(CiftiMap.SERIES).stepSeconds(),
                    Optional.empty());
        }
    }
}
