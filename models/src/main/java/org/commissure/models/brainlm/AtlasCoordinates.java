package org.commissure.models.brainlm;

/** Where an atlas' parcels lie, as every configuration keeps it. */
public final class AtlasCoordinates {
    private AtlasCoordinates() {}

    /**
     * A copy of {@code [parcels][3]} millimetres.
     *
     * @throws IllegalArgumentException naming the row, if there are more or fewer rows, or a row is not three finite
     *     numbers
     */
    public static float[][] checkedCopy(float[][] coordinatesMillimetres, int parcels) {
        require(
                coordinatesMillimetres.length == parcels,
                "coordinatesMillimetres has " + coordinatesMillimetres.length + " rows for " + parcels + " parcels");
        float[][] copy = new float[parcels][];
        for (int p = 0; p < parcels; p++) {
            float[] row = coordinatesMillimetres[p];
            require(row.length == 3, "coordinatesMillimetres row " + p + " does not have three numbers");
            for (float value : row) {
                require(Float.isFinite(value), "coordinatesMillimetres row " + p + " is not finite");
            }
            copy[p] = row.clone();
        }
        return copy;
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("model configuration: " + problem);
        }
    }
}
