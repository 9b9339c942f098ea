package org.commissure.privacy.dp;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The orders α over which the Rényi accountant takes the best bound. More orders: a tighter ε. */
public enum RenyiOrders {
    /** 2..256, 512 and 1024, where the curve has a closed form. */
    INTEGER(DoubleStream.concat(IntStream.rangeClosed(2, 256).asDoubleStream(), DoubleStream.of(512, 1024))
            .toArray()),

    /** {@link #INTEGER} and the tenths from 1.1 to 10.9, which matter when ε is large. */
    ALL(DoubleStream.concat(
                    IntStream.rangeClosed(11, 109)
                            .filter(tenths -> tenths % 10 != 0)
                            .mapToDouble(tenths -> tenths / 10.0),
                    Arrays.stream(INTEGER.values))
            .sorted()
            .toArray());

    private final double[] values;

    RenyiOrders(double[] values) {
        this.values = values;
    }

    int count() {
        return values.length;
    }

    double order(int index) {
        return values[index];
    }
}
