package org.commissure.models.future;

import java.util.List;

/**
 * A first-order autoregression of each parcel: {@code x(t+1) = φ·x(t)}, φ by least squares over all training patients.
 * Values have mean 0, so there is no constant. The forecast is φ, φ², φ³, … times the last frame.
 *
 * @param coefficients φ of each parcel
 */
@SuppressWarnings("ArrayRecordComponent") // fitted once, never compared
record Autoregression(double[] coefficients) implements Forecaster {

    /** @param training whose future is seen too: they train */
    static Autoregression fit(List<FutureWindow> training) {
        int parcels = training.getFirst().parcels();
        double[] products = new double[parcels];
        double[] squares = new double[parcels];
        for (FutureWindow window : training) {
            int last = window.past() + window.horizon() - 1;
            for (int p = 0; p < parcels; p++) {
                for (int t = 0; t < last; t++) {
                    products[p] += (double) window.value(p, t) * window.value(p, t + 1);
                    squares[p] += (double) window.value(p, t) * window.value(p, t);
                }
            }
        }
        double[] coefficients = new double[parcels];
        for (int p = 0; p < parcels; p++) {
            coefficients[p] = squares[p] > 0 ? products[p] / squares[p] : 0;
        }
        return new Autoregression(coefficients);
    }

    @Override
    public String name() {
        return "AR(1)";
    }

    @Override
    public double[][] forecast(FutureWindow window) {
        double[][] future = new double[window.horizon()][];
        double[] state = window.state(window.past() - 1);
        for (int step = 0; step < future.length; step++) {
            for (int p = 0; p < state.length; p++) {
                state[p] *= coefficients[p];
            }
            future[step] = state.clone();
        }
        return future;
    }
}
