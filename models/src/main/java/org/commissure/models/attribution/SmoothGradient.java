package org.commissure.models.attribution;

import java.util.random.RandomGenerator;

/**
 * SmoothGrad (Smilkov et al. 2017, equation 1): the mean slope at copies of the window with Gaussian noise, whose
 * deviation is a share of the window's range. Unlike integrated gradients it is a sensitivity: it does not add up to
 * anything, and needs no window to compare with. Where layer norms divide by a token's length, a parcel that already
 * speaks loudly can be less sensitive than a silent one.
 */
public final class SmoothGradient {
    private SmoothGradient() {}

    /**
     * @param noise deviation as a share of the window's largest minus its smallest value
     * @return {@code [parcels, windowFrames]}
     */
    public static float[] of(Explained f, float[] window, double noise, int samples, RandomGenerator random) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float value : window) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        double deviation = noise * (high - low);
        double[] mean = new double[window.length];
        float[] gradient = new float[window.length];
        float[] noisy = new float[window.length];
        for (int sample = 0; sample < samples; sample++) {
            for (int i = 0; i < noisy.length; i++) {
                noisy[i] = (float) (window[i] + deviation * random.nextGaussian());
            }
            f.at(noisy, gradient);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += gradient[i];
            }
        }
        float[] slopes = new float[mean.length];
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = (float) (mean[i] / samples);
        }
        return slopes;
    }
}
