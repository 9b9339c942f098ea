package org.commissure.models.future;

import org.commissure.models.weights.ParameterLayout;

/**
 * The right-hand side of {@link NeuralOde}: {@code f(x) = −softplus(λ)·x + W₂·tanh(W₁·x + b)}, elementwise in the first
 * term. Each parcel falls back to its mean at a rate of its own; what parcels do to each other goes through a narrow
 * layer. In double precision.
 */
final class VectorField {
    private final int parcels;
    private final int hidden;
    private final int decay;
    private final int in;
    private final int bias;
    private final int out;

    VectorField(int parcels, int hidden) {
        this.parcels = parcels;
        this.hidden = hidden;
        ParameterLayout layout = layout();
        decay = layout.tensor("decay").offset();
        in = layout.tensor("in.weight").offset();
        bias = layout.tensor("in.bias").offset();
        out = layout.tensor("out.weight").offset();
    }

    int parcels() {
        return parcels;
    }

    int hidden() {
        return hidden;
    }

    ParameterLayout layout() {
        return new ParameterLayout.Builder()
                .add("decay", parcels)
                .add("in.weight", hidden, parcels)
                .add("in.bias", hidden)
                .add("out.weight", parcels, hidden)
                .build();
    }

    /**
     * @param activations {@code tanh}, overwritten; what {@link #backward} needs
     * @param slope f(x), overwritten
     */
    void forward(float[] w, double[] x, double[] activations, double[] slope) {
        for (int j = 0; j < hidden; j++) {
            double sum = w[bias + j];
            for (int p = 0; p < parcels; p++) {
                sum += w[in + j * parcels + p] * x[p];
            }
            activations[j] = Math.tanh(sum);
        }
        for (int p = 0; p < parcels; p++) {
            double sum = -softplus(w[decay + p]) * x[p];
            for (int j = 0; j < hidden; j++) {
                sum += w[out + p * hidden + j] * activations[j];
            }
            slope[p] = sum;
        }
    }

    /**
     * @param dSlope gradient of f(x)
     * @param dx overwritten
     * @param gradient of the parameters, added to
     */
    void backward(float[] w, double[] x, double[] activations, double[] dSlope, double[] dx, double[] gradient) {
        double[] dActivations = new double[hidden];
        for (int p = 0; p < parcels; p++) {
            double d = dSlope[p];
            gradient[decay + p] -= sigmoid(w[decay + p]) * x[p] * d;
            dx[p] = -softplus(w[decay + p]) * d;
            for (int j = 0; j < hidden; j++) {
                gradient[out + p * hidden + j] += d * activations[j];
                dActivations[j] += d * w[out + p * hidden + j];
            }
        }
        for (int j = 0; j < hidden; j++) {
            double d = dActivations[j] * (1 - activations[j] * activations[j]);
            gradient[bias + j] += d;
            for (int p = 0; p < parcels; p++) {
                gradient[in + j * parcels + p] += d * x[p];
                dx[p] += d * w[in + j * parcels + p];
            }
        }
    }

    private static double softplus(double z) {
        return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }
}
