package org.commissure.models.weights;

import java.util.List;
import java.util.random.RandomGenerator;

/** Federated averaging of flat parameters (McMahan et al. 2017, algorithm 1). */
public final class FederatedAverage {
    private FederatedAverage() {}

    /**
     * The weighted mean; of one site its parameters, to the bit.
     *
     * @param parameters of each site
     * @param weights of each site, not negative, not all 0
     */
    public static float[] of(List<float[]> parameters, double[] weights) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        if (parameters.size() != weights.length || !(total > 0)) {
            throw new IllegalArgumentException(
                    parameters.size() + " sites cannot be averaged with weights that add up to " + total);
        }
        double[] sum = new double[parameters.getFirst().length];
        for (int s = 0; s < weights.length; s++) {
            double share = weights[s] / total;
            float[] own = parameters.get(s);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += share * own[i];
            }
        }
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) sum[i];
        }
        return mean;
    }

    /**
     * Adds to every tensor Gaussian noise of {@code level} times that tensor's own standard deviation, as Li et al.
     * (2020) do before a site shares its parameters. No clipping bounds what a patient can change and the noise follows
     * from the data, so it is no differential privacy.
     */
    public static void addNoise(ParameterLayout layout, float[] parameters, double level, RandomGenerator random) {
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            double sum = 0;
            double squares = 0;
            int end = tensor.offset() + tensor.length();
            for (int i = tensor.offset(); i < end; i++) {
                sum += parameters[i];
                squares += (double) parameters[i] * parameters[i];
            }
            double mean = sum / tensor.length();
            double deviation = level * Math.sqrt(Math.max(0, squares / tensor.length() - mean * mean));
            for (int i = tensor.offset(); i < end; i++) {
                parameters[i] += (float) (deviation * random.nextGaussian());
            }
        }
    }
}
