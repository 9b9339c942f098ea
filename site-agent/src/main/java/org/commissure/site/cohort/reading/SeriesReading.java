package org.commissure.site.cohort.reading;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a reader must know that a file does not say.
 *
 * @param parcels how many are expected: tells time from parcels in formats that have no convention
 * @param parcellation averages voxels or grayordinates
 * @param resampleAtlas whether an atlas on another grid than the image is carried over to it, by nearest neighbour
 */
public record SeriesReading(int parcels, Optional<Parcellation> parcellation, boolean resampleAtlas) {

    /** Of files that hold parcels already. */
    public static SeriesReading ofParcels(int parcels) {
        return new SeriesReading(parcels, Optional.empty(), false);
    }

    /**
     * Reads a whole file other than {@code .npy}.
     *
     * @throws UnreadableSeriesException if it is damaged, or of a kind that is not read
     */
    public ParcelSeries read(Path file) throws IOException {
        String name = file.getFileName().toString();
        SeriesFormat format = SeriesFormat.of(name)
                .orElseThrow(() -> UnreadableSeriesException.unsupported("no reader takes files of this name"));
        return switch (format) {
            case NPY -> throw new IllegalArgumentException(".npy files are read where they lie");
            case TEXT -> TextSeries.read(file);
            case MATLAB -> MatlabSeries.read(file, parcels);
            case HDF5 -> Hdf5Series.read(file, parcels);
            case PTSERIES -> CiftiSeries.parcels(file);
            case DTSERIES -> CiftiSeries.grayordinates(file, needed("grayordinates", "a .dlabel.nii file"));
            case VOLUMES -> VolumeSeries.read(file, needed("voxels", "a NIfTI label volume"), resampleAtlas);
        };
    }

    private Parcellation needed(String holds, String kind) throws UnreadableSeriesException {
        return parcellation.orElseThrow(() -> new UnreadableSeriesException(
                UnreadableSeriesException.Problem.NEEDS_ATLAS,
                "it holds " + holds + ", not parcels: they are averaged with " + kind));
    }
}
