package org.commissure.models.meanfield.tangent;

import java.util.List;

/**
 * What the directions change directly in one region. Most directions leave most regions alone, so only the lanes that do
 * not are kept.
 *
 * @param lanes directions that change w, I, G or σ here
 * @param recurrence dw, one for each of {@code lanes}
 * @param input dI
 * @param coupling dG
 * @param noise dσ, scaled to a step
 */
record RegionSeeds(int[] lanes, double[] recurrence, double[] input, double[] coupling, double[] noise) {

    static RegionSeeds of(List<Direction> directions, int region, double noisePerStep) {
        int[] lanes = new int[directions.size()];
        int count = 0;
        for (int lane = 0; lane < lanes.length; lane++) {
            Direction direction = directions.get(lane);
            if (direction.recurrence()[region] != 0
                    || direction.input()[region] != 0
                    || direction.coupling() != 0
                    || direction.noise()[region] != 0) {
                lanes[count++] = lane;
            }
        }
        int[] kept = java.util.Arrays.copyOf(lanes, count);
        double[] recurrence = new double[count];
        double[] input = new double[count];
        double[] coupling = new double[count];
        double[] noise = new double[count];
        for (int i = 0; i < count; i++) {
            Direction direction = directions.get(kept[i]);
            recurrence[i] = direction.recurrence()[region];
            input[i] = direction.input()[region];
            coupling[i] = direction.coupling();
            noise[i] = direction.noise()[region] * noisePerStep;
        }
        return new RegionSeeds(kept, recurrence, input, coupling, noise);
    }
}
