package org.commissure.privacy.dp;

/**
 * Prefix sums from a binary tree of noised nodes, one pass over the data (DP-FTRL; Kairouz et al., <i>Practical
 * and Private (Deep) Learning without Sampling or Shuffling</i>, arXiv:2103.00039). One patient is in one leaf,
 * and so in at most ⌈log₂(leaves + 1)⌉ nodes. A patient's contribution is replaced by zero in the neighbour.
 *
 * @param leaves steps of the one pass, at least 1
 * @param noiseMultiplier σ &gt; 0 of each node
 */
public record TreeGaussian(long leaves, double noiseMultiplier) implements Mechanism {
    /** @throws IllegalArgumentException naming the argument outside its range */
    public TreeGaussian {
        if (leaves < 1) {
            throw new IllegalArgumentException("the number of leaves is " + leaves + ", not at least 1");
        }
        MechanismChecks.positive("noise multiplier", noiseMultiplier);
    }

    /** Nodes that hold one patient. */
    public int depth() {
        return 64 - Long.numberOfLeadingZeros(leaves); // ⌈log₂(leaves + 1)⌉
    }

    @Override
    public double rdp(double order, Relation relation) {
        double distance = relation.distance();
        return order * depth() * distance * distance / (2 * noiseMultiplier * noiseMultiplier);
    }
}
