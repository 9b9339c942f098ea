package org.commissure.protocol.evaluation;

import java.util.List;

/**
 * One model's partial sums on a site's sealed external patients: a vector of fixed length that depends on the kind of
 * target only, so that sites' vectors add. {@link PredictionMetrics} reads the sum.
 *
 * <p>Security guarantees: nothing in the vector is of one patient alone unless the site has a single external patient;
 * it leaves the site only inside a secure sum. The site's own score is one count in a histogram of sites and enters the
 * four sums of {@link RandomEffects}. Subgroups of fewer than ten of a site's patients are not in it
 * ({@link ReportableSubgroups}).
 *
 * <p>Restrictions: the numbers are for exact sums of resolution 2^-16 within ±2^46. All are multiplied by
 * {@link #SCALE}, so that what is summed has a resolution of 2^-26 within ±2^36. The bounds: at most
 * {@link #MOST_PATIENTS} patients; |z| ≤ {@link #LARGEST_STANDARD} for truth and prediction of a regression;
 * probabilities in [0, 1]; a site's w at most 2^17.
 */
public final class PredictionSums {
    /** What every number is multiplied by before the exact sum. */
    static final double SCALE = 0x1p10;

    /** So that Σ(y − ŷ)² ≤ 2^16·2^18, with room for a replicate's weights, stays below 2^36. */
    public static final int MOST_PATIENTS = 65_535;

    /** Largest distance of a truth or a prediction from the target's centre, in its scale. */
    public static final double LARGEST_STANDARD = 256;

    private PredictionSums() {}

    /** Numbers in the vector. */
    public static int length(TargetKind kind) {
        return switch (kind) {
            case TargetKind.Regression regression -> RegressionSums.LENGTH;
            case TargetKind.Classification classification -> ClassificationSums.LENGTH;
            case TargetKind.Classes classes -> ClassesSums.length(classes.count());
        };
    }

    /**
     * The site's vector; without patients all zero but the count of sites without a score.
     *
     * @param seed of the bootstrap's weights: fresh from a secure source, told to nobody and not kept; see
     *     {@link PoissonBootstrap}
     * @throws IllegalArgumentException if there are too many patients or a number is out of the bounds above; says which
     *     bound, never the number or the patient
     */
    public static double[] of(TargetKind kind, List<Prediction> predictions, long seed) {
        check(predictions.size());
        return scaled(
                switch (kind) {
                    case TargetKind.Regression regression -> RegressionSums.of(regression, predictions, seed);
                    case TargetKind.Classification classification -> ClassificationSums.of(predictions);
                    case TargetKind.Classes classes ->
                        throw new IllegalArgumentException("a prediction of several classes has a probability of each");
                });
    }

    /**
     * The same for more than two classes.
     *
     * @throws IllegalArgumentException as {@link #of(TargetKind, List, long)}
     */
    public static double[] of(TargetKind.Classes kind, List<ClassPrediction> predictions) {
        check(predictions.size());
        return scaled(ClassesSums.of(kind.count(), predictions));
    }

    private static void check(int patients) {
        if (patients > MOST_PATIENTS) {
            throw new IllegalArgumentException("an evaluation sum takes at most " + MOST_PATIENTS
                    + " external patients of a site, not " + patients);
        }
    }

    static double[] scaled(double[] values) {
        double[] scaled = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = values[i] * SCALE;
        }
        return scaled;
    }

    /** @throws IllegalArgumentException if the length is not that of the layout or a number is not finite */
    static double[] unscaled(double[] sums, int length) {
        if (sums.length != length) {
            throw new IllegalArgumentException("an evaluation sum has " + sums.length + " numbers, not " + length);
        }
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            if (!Double.isFinite(sums[i])) {
                throw new IllegalArgumentException("number " + i + " of an evaluation sum is not finite");
            }
            values[i] = sums[i] / SCALE;
        }
        return values;
    }
}
