package org.commissure.models.attribution;

/**
 * Integrated gradients (Sundararajan et al. 2017, equation 1): {@code x_i · ∫₀¹ ∂f/∂x_i(α·x) dα}, on the line from a
 * window of zeros, in which every parcel stays at its scan's mean. Attributions add up to {@code f(x) − f(0)}
 * (completeness, proposition 1); how exactly they do is the measure of the integral, which is refined until they do.
 *
 * @param attributions {@code [parcels, windowFrames]}
 * @param difference {@code f(x) − f(0)}
 * @param sum of the attributions
 * @param points of the midpoint rule in the end
 */
@SuppressWarnings("ArrayRecordComponent") // a result on its way to a map; never compared
public record IntegratedGradients(float[] attributions, double difference, double sum, int points) {
    private static final int FIRST_POINTS = 16;

    /** Where a window changes next to nothing, {@link #error} is measured against this share of what its values do. */
    private static final double FLOOR = 0.01;

    /**
     * @param tolerance of {@link #error}; the integral is refined until it holds
     * @param maximumPoints at which refinement ends all the same
     */
    public static IntegratedGradients of(Explained f, float[] window, double tolerance, int maximumPoints) {
        float[] unused = new float[window.length];
        double difference = f.at(window, unused) - f.at(new float[window.length], unused);
        IntegratedGradients result = integrate(f, window, difference, FIRST_POINTS);
        while (result.error() > tolerance && result.points < maximumPoints) {
            result = integrate(f, window, difference, Math.min(maximumPoints, 2 * result.points));
        }
        return result;
    }

    private static IntegratedGradients integrate(Explained f, float[] window, double difference, int points) {
        double[] slopes = new double[window.length];
        float[] gradient = new float[window.length];
        float[] at = new float[window.length];
        for (int point = 0; point < points; point++) {
            float share = (point + 0.5f) / points;
            for (int i = 0; i < at.length; i++) {
                at[i] = share * window[i];
            }
            f.at(at, gradient);
            for (int i = 0; i < slopes.length; i++) {
                slopes[i] += gradient[i];
            }
        }
        float[] attributions = new float[window.length];
        double sum = 0;
        for (int i = 0; i < attributions.length; i++) {
            double one = window[i] * slopes[i] / points;
            attributions[i] = (float) one;
            sum += one;
        }
        return new IntegratedGradients(attributions, difference, sum, points);
    }

    /** {@code |sum − difference|} as a share of {@code |difference|}, or of 1 % of {@code Σ|attributions|} if larger. */
    public double error() {
        double size = 0;
        for (float one : attributions) {
            size += Math.abs(one);
        }
        double against = Math.max(Math.abs(difference), FLOOR * size);
        return against == 0 ? 0 : Math.abs(sum - difference) / against;
    }
}
