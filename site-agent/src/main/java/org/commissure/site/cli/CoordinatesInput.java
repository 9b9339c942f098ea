package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.commissure.models.npy.NpyFile;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.ParcelAtlas;

/**
 * Where a model's parcels lie, from a file that the user names.
 *
 * @param coordinatesMillimetres {@code [parcels][3]}
 * @param columns that were read, for the user to see
 */
@SuppressWarnings("ArrayRecordComponent") // on its way into a configuration; never compared
record CoordinatesInput(float[][] coordinatesMillimetres, String columns) {
    /** Atlas tables may give, beside the parcels' centres, the coordinates that the published models saw. */
    private static final String PUBLISHED = "brainlm_";

    private static final String REMEDY =
            "pass a table with the columns index, x, y, z, or a .npy file of shape [parcels, 3]";

    /** @throws UserError if the file does not hold three numbers for each parcel */
    static CoordinatesInput read(Path file) {
        if (file.toString().endsWith(".npy")) {
            return new CoordinatesInput(npy(file), "x, y, z");
        }
        String prefix = ParcelAtlas.hasColumn(file, PUBLISHED + "x") ? PUBLISHED : "";
        double[][] rows = ParcelAtlas.read(file, prefix).coordinatesMillimetres();
        float[][] coordinates = new float[rows.length][3];
        for (int parcel = 0; parcel < rows.length; parcel++) {
            for (int axis = 0; axis < 3; axis++) {
                coordinates[parcel][axis] = (float) rows[parcel][axis];
            }
        }
        return new CoordinatesInput(coordinates, prefix + "x, " + prefix + "y, " + prefix + "z");
    }

    private static float[][] npy(Path file) {
        try (NpyFile npy = NpyFile.open(file)) {
            if (npy.shape().size() != 2 || npy.shape().getLast() != 3) {
                throw new UserError(file + " has shape " + npy.shape() + ", not [parcels, 3]", REMEDY);
            }
            float[][] coordinates = new float[npy.shape().getFirst()][];
            npy.forEachRow((row, values) -> coordinates[row] = values.clone());
            return coordinates;
        } catch (IOException e) {
            throw new UserError("the coordinates " + file + " cannot be read: " + e.getMessage(), REMEDY, e);
        }
    }
}
