package org.commissure.site.compute;

import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;

/** A model whose loss is ½Σ a(θ − b)² whatever the window: one site's data, in two vectors. */
final class Bowl implements MaskedAutoencoder {
    final double[] curvature;
    final double[] optimum;
    private float[] at;

    Bowl(double[] curvature, double[] optimum) {
        this.curvature = curvature;
        this.optimum = optimum;
        this.at = new float[optimum.length];
    }

    double loss(float[] parameters) {
        double loss = 0;
        for (int i = 0; i < optimum.length; i++) {
            loss += 0.5 * curvature[i] * Math.pow(parameters[i] - optimum[i], 2);
        }
        return loss;
    }

    @Override
    public ModelConfiguration configuration() {
        throw new UnsupportedOperationException("local training brings its own shape");
    }

    @Override
    public int parameterCount() {
        return optimum.length;
    }

    @Override
    public void loadParameters(float[] flat) {
        at = flat.clone();
    }

    @Override
    public double gradient(float[] window, Mask mask, float[] gradientOut) {
        for (int i = 0; i < optimum.length; i++) {
            gradientOut[i] = (float) (curvature[i] * (at[i] - optimum[i]));
        }
        return loss(at);
    }

    @Override
    public double reconstruct(float[] window, Mask mask, float[] predictionOut) {
        return loss(at);
    }

    @Override
    public void close() {}
}
