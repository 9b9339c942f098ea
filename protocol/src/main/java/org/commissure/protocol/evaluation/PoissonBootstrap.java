package org.commissure.protocol.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Replicates of sums over patients, each patient counted as often as an independent Poisson(1) number says. Poisson
 * weights need no common list of patients, so the replicates of sites add up to replicates of all patients together
 * (Chamandy et al., Google 2012; Hanley and MacGibbon 2006).
 *
 * <p>Restrictions: whoever knew the weights could solve the replicates for single patients. So the seed is secret to the
 * site and used once, and every replicate is rounded at random, without bias, to an eighth of the standard deviation of
 * the patients' contributions; that adds less than 0.1 % to the spread of a sum over ten patients and takes away the
 * digits that would tell which patients are in it.
 */
final class PoissonBootstrap {
    /** As many as the percentile method is usually given for 95 % limits (Efron and Tibshirani 1993, § 13.3). */
    static final int REPLICATES = 2_000;

    private static final double COARSENESS = 8;

    /** P(X > 12) for Poisson(1) is 6e-11. */
    private static final int LARGEST_WEIGHT = 12;

    private static final double[] CUMULATIVE = cumulative();

    private PoissonBootstrap() {}

    private static double[] cumulative() {
        double[] sums = new double[LARGEST_WEIGHT];
        double probability = StrictMath.exp(-1);
        double sum = 0;
        for (int weight = 0; weight < LARGEST_WEIGHT; weight++) {
            sum += probability;
            sums[weight] = sum;
            probability /= weight + 1;
        }
        return sums;
    }

    /**
     * @param patients {@code [patients, fields]}, what each patient adds to each field
     * @param seed secret, fresh
     * @return {@code [REPLICATES, fields]}
     */
    static double[][] replicates(double[][] patients, int fields, long seed) {
        double[][] sums = new double[REPLICATES][fields];
        double[] unit = new double[fields];
        for (int f = 0; f < fields; f++) {
            unit[f] = standardDeviation(patients, f) / COARSENESS;
        }
        SplittableRandom random = new SplittableRandom(seed);
        for (double[] replicate : sums) {
            for (double[] patient : patients) {
                int weight = weight(random.nextDouble());
                for (int f = 0; f < fields && weight > 0; f++) {
                    replicate[f] += weight * patient[f];
                }
            }
            for (int f = 0; f < fields; f++) {
                if (unit[f] > 0) {
                    replicate[f] = Math.floor(replicate[f] / unit[f] + random.nextDouble()) * unit[f];
                }
            }
        }
        return sums;
    }

    private static double standardDeviation(double[][] patients, int field) {
        double mean = Arrays.stream(patients)
                .mapToDouble(patient -> patient[field])
                .average()
                .orElse(0);
        double variance = Arrays.stream(patients)
                .mapToDouble(patient -> (patient[field] - mean) * (patient[field] - mean))
                .average()
                .orElse(0);
        return Math.sqrt(variance);
    }

    private static int weight(double uniform) {
        int weight = 0;
        while (weight < LARGEST_WEIGHT && uniform >= CUMULATIVE[weight]) {
            weight++;
        }
        return weight;
    }
}
