package org.commissure.site.cohort.reading;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A format of series files, known by how their names end. */
public enum SeriesFormat {
    /** NumPy, {@code [parcels, time]}. */
    NPY(false, ".npy"),
    /** One line for each frame, one column for each parcel; a header line may name them. AFNI's and C-PAC's {@code .1D}. */
    TEXT(false, ".tsv", ".csv", ".1d"),
    /** MATLAB 5 to 7.3: {@code ROISignals} of DPABI, {@code data} and {@code names} of CONN, or the one matrix. */
    MATLAB(false, ".mat"),
    /** HDF5: {@code timeseries}, or the one matrix. */
    HDF5(false, ".h5", ".hdf5"),
    /** CIFTI-2, parcels already averaged. */
    PTSERIES(false, ".ptseries.nii"),
    /** CIFTI-2 grayordinates: needs an atlas {@code .dlabel.nii} on the same grayordinates. */
    DTSERIES(true, ".dtseries.nii"),
    /** NIfTI-1 or -2, a series of volumes: needs an atlas of label volumes. */
    VOLUMES(true, "_bold.nii", "_bold.nii.gz");

    private final boolean needsAtlas;
    private final List<String> endings;

    SeriesFormat(boolean needsAtlas, String... endings) {
        this.needsAtlas = needsAtlas;
        this.endings = List.of(endings);
    }

    /** Empty for names that no reader takes; confounds tables are no series. */
    public static Optional<SeriesFormat> of(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        if (Confounds.isName(name)) {
            return Optional.empty();
        }
        return Arrays.stream(values())
                .filter(format -> format.endings.stream().anyMatch(name::endsWith))
                .findFirst();
    }

    public boolean needsAtlas() {
        return needsAtlas;
    }

    /** The name without what says the format: what files beside it share. */
    public String stem(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        return endings.stream()
                .filter(name::endsWith)
                .findFirst()
                .map(ending -> fileName.substring(0, fileName.length() - ending.length())
                        + (ending.startsWith("_bold") ? "_bold" : ""))
                .orElse(fileName);
    }
}
