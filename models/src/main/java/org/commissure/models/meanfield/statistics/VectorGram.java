package org.commissure.models.meanfield.statistics;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Two vectors of columns; written out, because the compiler keeps only named values in registers. */
final class VectorGram implements GramKernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final int WIDTH = FLOATS.length();

    @Override
    public int columns() {
        return 2 * WIDTH;
    }

    @Override
    public void multiply(float[] rows, int rowsAt, float[] panels, int panelAt, int depth, float[] tile) {
        FloatVector l0 = FloatVector.zero(FLOATS);
        FloatVector r0 = FloatVector.zero(FLOATS);
        FloatVector l1 = FloatVector.zero(FLOATS);
        FloatVector r1 = FloatVector.zero(FLOATS);
        FloatVector l2 = FloatVector.zero(FLOATS);
        FloatVector r2 = FloatVector.zero(FLOATS);
        FloatVector l3 = FloatVector.zero(FLOATS);
        FloatVector r3 = FloatVector.zero(FLOATS);
        FloatVector l4 = FloatVector.zero(FLOATS);
        FloatVector r4 = FloatVector.zero(FLOATS);
        FloatVector l5 = FloatVector.zero(FLOATS);
        FloatVector r5 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(FLOATS, panels, panelAt + 2 * WIDTH * k);
            FloatVector right = FloatVector.fromArray(FLOATS, panels, panelAt + 2 * WIDTH * k + WIDTH);
            int at = rowsAt + k;
            FloatVector value = FloatVector.broadcast(FLOATS, rows[at]);
            l0 = value.fma(left, l0);
            r0 = value.fma(right, r0);
            value = FloatVector.broadcast(FLOATS, rows[at + depth]);
            l1 = value.fma(left, l1);
            r1 = value.fma(right, r1);
            value = FloatVector.broadcast(FLOATS, rows[at + 2 * depth]);
            l2 = value.fma(left, l2);
            r2 = value.fma(right, r2);
            value = FloatVector.broadcast(FLOATS, rows[at + 3 * depth]);
            l3 = value.fma(left, l3);
            r3 = value.fma(right, r3);
            value = FloatVector.broadcast(FLOATS, rows[at + 4 * depth]);
            l4 = value.fma(left, l4);
            r4 = value.fma(right, r4);
            value = FloatVector.broadcast(FLOATS, rows[at + 5 * depth]);
            l5 = value.fma(left, l5);
            r5 = value.fma(right, r5);
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, WIDTH);
        l1.intoArray(tile, 2 * WIDTH);
        r1.intoArray(tile, 3 * WIDTH);
        l2.intoArray(tile, 4 * WIDTH);
        r2.intoArray(tile, 5 * WIDTH);
        l3.intoArray(tile, 6 * WIDTH);
        r3.intoArray(tile, 7 * WIDTH);
        l4.intoArray(tile, 8 * WIDTH);
        r4.intoArray(tile, 9 * WIDTH);
        l5.intoArray(tile, 10 * WIDTH);
        r5.intoArray(tile, 11 * WIDTH);
    }
}
