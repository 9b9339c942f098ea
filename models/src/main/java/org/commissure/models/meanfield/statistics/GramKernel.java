package org.commissure.models.meanfield.statistics;

import org.commissure.models.meanfield.VectorApi;

/**
 * Scalar products of a few rows with a panel of columns, in single precision. Implementations do the same operations in
 * the same order. Thread-safe, hold nothing.
 */
interface GramKernel {
    /** Rows of a tile: with two vectors of columns, sums and operands fit the sixteen registers of AVX2. */
    int ROWS = 6;

    /** Columns of a panel. */
    int columns();

    /**
     * @param rows row r begins at {@code rowsAt + r·depth}
     * @param panels [depth, columns] from {@code panelAt}
     * @param tile overwritten, [{@link #ROWS}, columns]
     */
    void multiply(float[] rows, int rowsAt, float[] panels, int panelAt, int depth, float[] tile);

    static GramKernel fastest() {
        return VectorApi.isPresent() ? new VectorGram() : new ScalarGram();
    }
}
