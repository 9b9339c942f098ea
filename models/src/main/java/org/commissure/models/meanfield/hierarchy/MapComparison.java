package org.commissure.models.meanfield.hierarchy;

import java.util.Optional;
import java.util.Random;

/**
 * A parameter against a cortical map.
 *
 * @param rho Spearman's rank correlation; not a number where the parameter is the same everywhere
 * @param p two-sided: how often a null map does as well, with the observed one counted among them
 * @param nullModel what the null maps are
 * @param nulls how many there are
 */
public record MapComparison(String parameter, String map, double rho, double p, NullModel nullModel, int nulls) {
    /** Where null maps come from. */
    public enum NullModel {
        /** The map rotated on the sphere, which keeps its smoothness (Alexander-Bloch et al. 2018). */
        SPINS,
        /** Regions shuffled freely: ignores that neighbours are alike, so p is too small for smooth maps. */
        PERMUTATIONS
    }

    /** Fewer spun maps than this cannot give a p of .05, so permutations are used instead. */
    public static final int FEWEST_SPINS = 19;

    /**
     * @param spins [spins][regions] of {@code map}, used where there are at least {@link #FEWEST_SPINS}
     * @param permutations else
     */
    static MapComparison of(
            String parameter,
            double[] values,
            String name,
            double[] map,
            Optional<double[][]> spins,
            int permutations,
            long seed) {
        double rho = RankCorrelation.of(values, map);
        boolean spun = spins.isPresent() && spins.get().length >= FEWEST_SPINS;
        double[][] nulls = spun ? spins.get() : shuffled(map, permutations, seed);
        int asGood = 0;
        for (double[] other : nulls) {
            // a hair of slack: a null map equal to the map itself counts as equal after other roundings
            if (Math.abs(RankCorrelation.of(values, other)) >= Math.abs(rho) - 1e-12) {
                asGood++;
            }
        }
        double p = Double.isNaN(rho) ? Double.NaN : (asGood + 1.0) / (nulls.length + 1.0);
        return new MapComparison(
                parameter, name, rho, p, spun ? NullModel.SPINS : NullModel.PERMUTATIONS, nulls.length);
    }

    private static double[][] shuffled(double[] map, int permutations, long seed) {
        Random random = new Random(seed);
        double[][] nulls = new double[permutations][];
        for (int n = 0; n < permutations; n++) {
            double[] copy = map.clone();
            for (int i = copy.length - 1; i > 0; i--) {
                int other = random.nextInt(i + 1);
                double value = copy[i];
                copy[i] = copy[other];
                copy[other] = value;
            }
            nulls[n] = copy;
        }
        return nulls;
    }
}
