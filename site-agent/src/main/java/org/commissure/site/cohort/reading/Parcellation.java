package org.commissure.site.cohort.reading;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.commissure.protocol.UserError;

/**
 * An atlas that says of every voxel or grayordinate which parcel it belongs to. Parcels are the labels other than 0 in
 * ascending order. Immutable.
 */
public sealed interface Parcellation permits VolumeParcellation, GrayordinateParcellation {
    /** How many. */
    int parcels();

    /**
     * Reads a NIfTI label volume or a CIFTI-2 {@code .dlabel.nii}.
     *
     * @throws UserError if it is neither, or cannot be read
     */
    static Parcellation read(Path file) {
        try {
            return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".dlabel.nii")
                    ? GrayordinateParcellation.read(file)
                    : VolumeParcellation.read(file);
        } catch (UnreadableSeriesException e) {
            throw new UserError(
                    "the atlas " + file + " cannot be used: " + e.getMessage(),
                    "name a NIfTI volume of whole labels, or a .dlabel.nii with one map",
                    e);
        } catch (IOException e) {
            throw new UserError("the atlas " + file + " cannot be read", "check the path and its permissions", e);
        }
    }
}
