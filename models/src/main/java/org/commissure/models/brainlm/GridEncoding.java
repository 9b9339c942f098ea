package org.commissure.models.brainlm;

/** The fixed sine-cosine encoding of a token's place in a square image (He et al. 2022; MAE's reference code). */
final class GridEncoding {
    private GridEncoding() {}

    /**
     * @param width a multiple of 4: sines and cosines of the column, then of the row
     * @return {@code [grid², width]}, row-major
     */
    static float[] table(int grid, int width) {
        int quarter = width / 4;
        float[] table = new float[grid * grid * width];
        for (int token = 0; token < grid * grid; token++) {
            int at = token * width;
            for (int i = 0; i < quarter; i++) {
                double rate = 1 / StrictMath.pow(10_000, i / (double) quarter);
                double column = token % grid * rate;
                double row = token / grid * rate;
                table[at + i] = (float) StrictMath.sin(column);
                table[at + quarter + i] = (float) StrictMath.cos(column);
                table[at + 2 * quarter + i] = (float) StrictMath.sin(row);
                table[at + 3 * quarter + i] = (float) StrictMath.cos(row);
            }
        }
        return table;
    }
}
