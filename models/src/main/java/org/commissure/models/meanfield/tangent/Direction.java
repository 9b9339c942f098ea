package org.commissure.models.meanfield.tangent;

/**
 * A direction in the space of all parameters: how w, I, G and σ change with one number of a fit. Arrays are not copied.
 *
 * @param recurrence dw, [regions]
 * @param input dI, [regions]
 * @param coupling dG
 * @param noise dσ, [regions]
 */
public record Direction(double[] recurrence, double[] input, double coupling, double[] noise) {
    public Direction {
        if (recurrence.length != input.length || recurrence.length != noise.length) {
            throw new IllegalArgumentException("a direction names " + recurrence.length + " regions in w, "
                    + input.length + " in I and " + noise.length + " in sigma");
        }
    }
}
