package org.commissure.models.meanfield;

import java.util.Arrays;

/**
 * One candidate of the model: three numbers for each region and one global coupling. The arrays are
 * not copied; treat them as read-only.
 *
 * @param recurrence w, [regions]: strength of the local recurrent excitation
 * @param input I, [regions]: external input, nA
 * @param coupling G: global scale of the structural connectome
 * @param noise σ, [regions]: noise amplitude, nA
 */
public record RegionalParameters(double[] recurrence, double[] input, double coupling, double[] noise) {
    public RegionalParameters {
        if (recurrence.length != input.length || recurrence.length != noise.length) {
            throw new IllegalArgumentException("the parameters name " + recurrence.length + " regions in w, "
                    + input.length + " in I and " + noise.length + " in sigma");
        }
        if (!Double.isFinite(coupling)) {
            throw new IllegalArgumentException("the global coupling G is " + coupling);
        }
        for (int region = 0; region < recurrence.length; region++) {
            if (!Double.isFinite(recurrence[region] + input[region] + noise[region])) {
                throw new IllegalArgumentException("the parameters of region " + (region + 1) + " are not finite");
            }
        }
    }

    /** The published layout: w[regions], I[regions], G, σ[regions]. */
    public static RegionalParameters ofVector(double[] vector) {
        int regions = (vector.length - 1) / 3;
        if (regions < 1 || vector.length != 3 * regions + 1) {
            throw new IllegalArgumentException("a parameter vector holds w, I, G and sigma, 3 × regions + 1 numbers; "
                    + "this one has " + vector.length);
        }
        double[] recurrence = new double[regions];
        double[] input = new double[regions];
        double[] noise = new double[regions];
        System.arraycopy(vector, 0, recurrence, 0, regions);
        System.arraycopy(vector, regions, input, 0, regions);
        System.arraycopy(vector, 2 * regions + 1, noise, 0, regions);
        return new RegionalParameters(recurrence, input, vector[2 * regions], noise);
    }

    /** The same three numbers in every region. */
    public static RegionalParameters homogeneous(
            int regions, double recurrence, double input, double coupling, double noise) {
        double[] w = new double[regions];
        double[] external = new double[regions];
        double[] sigma = new double[regions];
        Arrays.fill(w, recurrence);
        Arrays.fill(external, input);
        Arrays.fill(sigma, noise);
        return new RegionalParameters(w, external, coupling, sigma);
    }

    public int regions() {
        return recurrence.length;
    }

    /** As {@link #ofVector} reads it. */
    public double[] toVector() {
        int regions = regions();
        double[] vector = new double[3 * regions + 1];
        System.arraycopy(recurrence, 0, vector, 0, regions);
        System.arraycopy(input, 0, vector, regions, regions);
        vector[2 * regions] = coupling;
        System.arraycopy(noise, 0, vector, 2 * regions + 1, regions);
        return vector;
    }
}
