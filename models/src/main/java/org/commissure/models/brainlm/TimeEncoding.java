package org.commissure.models.brainlm;

/** The fixed sinusoidal encoding of a token's position in time (Vaswani et al. 2017, section 3.5; base 10000). */
final class TimeEncoding {
    private TimeEncoding() {}

    /**
     * @param width even
     * @return {@code [positions, width]}, row-major: sine at even, cosine at odd columns
     */
    static float[] table(int positions, int width) {
        float[] table = new float[positions * width];
        for (int position = 0; position < positions; position++) {
            for (int j = 0; j < width; j += 2) {
                double angle = position * StrictMath.exp(-StrictMath.log(10_000) * j / width);
                table[position * width + j] = (float) StrictMath.sin(angle);
                table[position * width + j + 1] = (float) StrictMath.cos(angle);
            }
        }
        return table;
    }
}
