package org.commissure.models.meanfield.statistics;

/**
 * How far a candidate is from the data.
 *
 * @param fcCorrelation Pearson correlation of Fisher's z of simulated (averaged over repeats) and
 *     empirical connectivity
 * @param ks largest difference of the cumulative FCD distributions, averaged over repeats; 0 where the
 *     target has none
 * @param diverged the simulation left the range of numbers; the other values are then the worst possible
 */
public record Cost(double fcCorrelation, double ks, boolean diverged) {
    /** A candidate that cannot be scored is worse than any that can. */
    public static final Cost DIVERGED = new Cost(-1, 1, true);

    /** 1 − correlation, 0 … 2. */
    public double fcCost() {
        return 1 - fcCorrelation;
    }

    public double total() {
        return fcCost() + ks;
    }
}
