package org.commissure.privacy.dp;

import java.util.OptionalDouble;

/**
 * How the noise of one sum is spread over its sites: what, beside noise multiplier and sampling rate, the cost of a step
 * in mode {@code distributed} follows from.
 *
 * @param siteSigma σ_site, in grid units
 * @param sites t − c, whose noise is counted on
 * @param dimension coordinates of the vector
 * @param countMultiplier noise of the count of unclipped patients, in patients; its cost is in the noise multiplier
 */
public record NoiseShare(double siteSigma, int sites, long dimension, OptionalDouble countMultiplier) {
    /** @throws IllegalArgumentException naming the component outside its range */
    public NoiseShare {
        MechanismChecks.positive("noise parameter of a site", siteSigma);
        if (sites < 1 || dimension < 1) {
            throw new IllegalArgumentException(
                    "a share of noise among " + sites + " sites in " + dimension + " dimensions makes no sense");
        }
        if (countMultiplier.isPresent()) {
            MechanismChecks.positive("noise multiplier of the count", countMultiplier.getAsDouble());
        }
    }

    /** One step: Δ is what the noise of {@code sites} sites divided by the multiplier leaves for one patient. */
    Mechanism step(double samplingRate, double noiseMultiplier) {
        double sensitivity = siteSigma * Math.sqrt(sites) / noiseMultiplier;
        return new SummedDiscreteGaussian(
                samplingRate, siteSigma, sites, dimension, sensitivity * Math.sqrt(dimension), sensitivity);
    }
}
