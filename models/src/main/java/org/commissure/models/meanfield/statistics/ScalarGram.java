package org.commissure.models.meanfield.statistics;

import java.util.Arrays;

/** For virtual machines without the Vector API. */
final class ScalarGram implements GramKernel {
    private static final int COLUMNS = 32;

    @Override
    public int columns() {
        return COLUMNS;
    }

    @Override
    public void multiply(float[] rows, int rowsAt, float[] panels, int panelAt, int depth, float[] tile) {
        Arrays.fill(tile, 0);
        for (int k = 0; k < depth; k++) {
            for (int row = 0; row < ROWS; row++) {
                addScaled(panels, panelAt + k * COLUMNS, rows[rowsAt + row * depth + k], tile, row * COLUMNS);
            }
        }
    }

    private static void addScaled(float[] panels, int from, float scale, float[] tile, int to) {
        for (int column = 0; column < COLUMNS; column++) {
            tile[to + column] = Math.fma(scale, panels[from + column], tile[to + column]);
        }
    }
}
