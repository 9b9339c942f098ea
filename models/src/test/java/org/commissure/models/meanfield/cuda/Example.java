package org.commissure.models.meanfield.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.RegionalParameters;

/** Connectomes and candidates of any size, from a seed. */
final class Example {
    private Example() {}

    /** Log-normal weights, half of them absent. */
    static Connectome connectome(int regions, long seed) {
        Random random = new Random(seed);
        double[][] weights = new double[regions][regions];
        for (int i = 0; i < regions; i++) {
            for (int j = i + 1; j < regions; j++) {
                boolean there = j == i + 1 || random.nextBoolean();
                weights[i][j] = there ? Math.exp(2 * random.nextGaussian()) : 0;
                weights[j][i] = weights[i][j];
            }
        }
        return Connectome.scaling(weights);
    }

    static List<RegionalParameters> candidates(int regions, int count, long seed) {
        Random random = new Random(seed);
        List<RegionalParameters> all = new ArrayList<>();
        for (int candidate = 0; candidate < count; candidate++) {
            double[] vector = new double[3 * regions + 1];
            for (int region = 0; region < regions; region++) {
                vector[region] = 0.3 + 0.5 * random.nextDouble();
                vector[regions + region] = 0.28 + 0.05 * random.nextDouble();
                vector[2 * regions + 1 + region] = 0.001 + 0.006 * random.nextDouble();
            }
            vector[2 * regions] = 1 + 2 * random.nextDouble();
            all.add(RegionalParameters.ofVector(vector));
        }
        return all;
    }
}
