package org.commissure.protocol.study;

/**
 * Numbers of double precision in a published vector of float32: each as two, the nearest float and the nearest to what
 * that leaves. Together they hold 48 bits: a relative error of at most 2^-49, where single floats have 2^-24.
 */
public final class PublishedDoubles {
    /** float32 values for each number. */
    public static final int FLOATS = 2;

    private PublishedDoubles() {}

    /** @return twice as many values, each a float */
    public static double[] split(double[] values) {
        double[] floats = new double[FLOATS * values.length];
        for (int i = 0; i < values.length; i++) {
            floats[FLOATS * i] = (float) values[i];
            floats[FLOATS * i + 1] = (float) (values[i] - floats[FLOATS * i]);
        }
        return floats;
    }

    /** {@code count} numbers, from the float at {@code offset} on. */
    public static double[] join(double[] floats, int offset, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = floats[offset + FLOATS * i] + floats[offset + FLOATS * i + 1];
        }
        return values;
    }
}
