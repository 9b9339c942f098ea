package org.commissure.models.future;

import org.commissure.models.brainlm.MaskedAutoencoder;

/** A masked autoencoder whose mask hides the future. */
record AutoencoderForecast(String name, MaskedAutoencoder model) implements Forecaster {
    @Override
    public double[][] forecast(FutureWindow window) {
        float[] prediction = new float[window.example().window().length];
        model.reconstruct(window.example(), prediction);
        double[][] future = new double[window.horizon()][window.parcels()];
        for (int step = 0; step < future.length; step++) {
            for (int p = 0; p < window.parcels(); p++) {
                future[step][p] = prediction[p * window.stride() + window.past() + step];
            }
        }
        return future;
    }
}
