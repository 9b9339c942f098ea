package org.commissure.privacy.dp.pld;

import org.commissure.privacy.dp.DiscreteLaplace;
import org.commissure.privacy.dp.FixedSizeGaussian;
import org.commissure.privacy.dp.Mechanism;
import org.commissure.privacy.dp.PoissonGaussian;
import org.commissure.privacy.dp.Relation;
import org.commissure.privacy.dp.SummedDiscreteGaussian;
import org.commissure.privacy.dp.SummedSkellam;
import org.commissure.privacy.dp.TreeGaussian;

/** The worst pair of outputs of each mechanism that has one with a known loss. */
final class LossPairs {
    private LossPairs() {}

    /** @throws IllegalArgumentException where only the Rényi accountant has a bound */
    static LossPair of(Mechanism mechanism, Relation relation, Grid grid) {
        return switch (mechanism) {
            case PoissonGaussian step -> gaussian(step.samplingRate(), step.noiseMultiplier(), relation, grid);
            case TreeGaussian tree -> gaussian(1, tree.noiseMultiplier() / Math.sqrt(tree.depth()), relation, grid);
            case SummedDiscreteGaussian sum -> {
                if (sum.parties() > 1) {
                    throw unknown("a sum of several parties' discrete Gaussians");
                }
                long shift = shift(sum.dimension(), sum.l2Sensitivity(), "discrete Gaussian");
                yield new LatticeLoss(
                        sum.samplingRate(),
                        new DiscreteGaussianMass(sum.partySigma()),
                        shift,
                        relation,
                        grid == Grid.PRIVACY_BUCKETS);
            }
            case SummedSkellam sum -> {
                long shift = shift(sum.dimension(), sum.l2Sensitivity(), "Skellam");
                yield new LatticeLoss(
                        sum.samplingRate(),
                        new SkellamMass(sum.sigma()),
                        shift,
                        relation,
                        grid == Grid.PRIVACY_BUCKETS);
            }
            case DiscreteLaplace count -> throw unknown("a count under discrete Laplace noise");
            case FixedSizeGaussian batch -> throw unknown("a batch of " + batch.sampleSize() + " without replacement");
        };
    }

    private static LossPair gaussian(double q, double sigma, Relation relation, Grid grid) {
        if (grid == Grid.PRIVACY_BUCKETS) {
            throw new IllegalArgumentException("privacy buckets are for integer noise; connect the dots is tighter");
        }
        return new GaussianLoss(
                relation == Relation.ADD_REMOVE ? new AddRemovePair(q, sigma) : new ReplaceOnePair(q, sigma));
    }

    private static long shift(long dimension, double sensitivity, String what) {
        if (dimension != 1) {
            throw unknown(what + " noise in " + dimension + " dimensions");
        }
        if (sensitivity != Math.rint(sensitivity)) {
            throw new IllegalArgumentException("the sensitivity " + sensitivity
                    + " is not a whole number: a discrete Gaussian's privacy loss distribution needs one");
        }
        return (long) sensitivity;
    }

    private static IllegalArgumentException unknown(String what) {
        return new IllegalArgumentException(
                "the pld accountant has no worst pair for " + what + "; the rdp accountant has a bound");
    }
}
