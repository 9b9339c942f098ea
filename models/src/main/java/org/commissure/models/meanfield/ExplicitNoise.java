package org.commissure.models.meanfield;

/**
 * Given increments.
 *
 * @param values [steps, regions]; not copied
 */
public record ExplicitNoise(int regions, float[] values) implements Noise {
    public ExplicitNoise {
        if (regions < 1 || values.length % regions != 0) {
            throw new IllegalArgumentException(
                    values.length + " noise values are no whole number of steps of " + regions + " regions");
        }
    }

    @Override
    public void fill(int firstStep, int steps, int regions, float[] into) {
        if (regions != this.regions || (long) (firstStep + steps) * regions > values.length) {
            throw new IllegalArgumentException("the noise holds " + values.length / this.regions + " steps of "
                    + this.regions + " regions, but step " + (firstStep + steps) + " of " + regions
                    + " regions is asked for");
        }
        System.arraycopy(values, firstStep * regions, into, 0, steps * regions);
    }
}
