package org.commissure.models.meanfield.fit;

import org.commissure.models.meanfield.statistics.Cost;

/**
 * The best candidate of one generation on the training split.
 *
 * @param generation from 1
 * @param point in the search's space
 * @param dynamicsScored candidates whose FCD had to be computed to find the parents
 */
public record GenerationBest(int generation, double[] point, double fcCorrelation, double ks, int dynamicsScored) {
    public Cost cost() {
        return new Cost(fcCorrelation, ks, false);
    }

    public double total() {
        return cost().total();
    }
}
