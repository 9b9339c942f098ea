package org.commissure.models.future;

import java.util.Arrays;

/** Nothing changes: the last frame, again and again. */
record Persistence() implements Forecaster {
    @Override
    public String name() {
        return "persistence";
    }

    @Override
    public double[][] forecast(FutureWindow window) {
        double[][] future = new double[window.horizon()][];
        Arrays.setAll(future, step -> window.state(window.past() - 1));
        return future;
    }
}
