package org.commissure.protocol.evaluation;

import java.util.List;
import java.util.Optional;

/**
 * The layout for a number: moments of z and ẑ, sites, subgroups, and bootstrap replicates of the sums behind R², MAE and
 * RMSE.
 */
final class RegressionSums {
    static final int PATIENTS = 0;
    static final int Z = 1;
    static final int Z2 = 2;
    static final int P = 3;
    static final int P2 = 4;
    static final int ZP = 5;
    static final int SQUARED_ERROR = 6;
    static final int ABSOLUTE_ERROR = 7;

    static final int SITES = 8;

    /** Of a subgroup: n, sites that left it out, Σz, Σz², Σ(z − ẑ)², Σ|z − ẑ|. */
    static final int GROUPS = SITES + SiteSpread.LENGTH;

    static final int GROUP = 6;

    /** Of a replicate: n, Σz, Σz², Σ(z − ẑ)², Σ|z − ẑ|. */
    static final int REPLICATES = GROUPS + GROUP * Subgroup.values().length;

    static final int REPLICATE = 5;

    static final int LENGTH = REPLICATES + REPLICATE * PoissonBootstrap.REPLICATES;

    /** A variance below this, in units of the scale's square, is what the fixed point leaves of a constant. */
    static final double CONSTANT = 1e-9;

    private RegressionSums() {}

    static double[] of(TargetKind.Regression kind, List<Prediction> predictions, long seed) {
        double[] sums = new double[LENGTH];
        double[][] patients = new double[predictions.size()][];
        ReportableSubgroups groups = ReportableSubgroups.of(
                predictions.stream().map(Prediction::subgroups).toList());
        groups.leftOut().forEach(group -> sums[at(group) + 1] = 1);
        for (int i = 0; i < patients.length; i++) {
            double z = standard(kind, predictions.get(i).truth(), "a measured value");
            double p = standard(kind, predictions.get(i).predicted(), "a prediction");
            double error = z - p;
            patients[i] = new double[] {1, z, z * z, error * error, Math.abs(error)};
            sums[PATIENTS]++;
            sums[Z] += z;
            sums[Z2] += z * z;
            sums[P] += p;
            sums[P2] += p * p;
            sums[ZP] += z * p;
            sums[SQUARED_ERROR] += error * error;
            sums[ABSOLUTE_ERROR] += Math.abs(error);
            for (Subgroup group : predictions.get(i).subgroups()) {
                if (groups.reported().contains(group)) {
                    addTo(sums, at(group), z, error);
                }
            }
        }
        double[][] replicates = PoissonBootstrap.replicates(patients, REPLICATE, seed);
        double[] scores = new double[replicates.length];
        for (int b = 0; b < replicates.length; b++) {
            System.arraycopy(replicates[b], 0, sums, REPLICATES + b * REPLICATE, REPLICATE);
            scores[b] = r2(replicates[b], 0);
        }
        addSite(sums, scores);
        return sums;
    }

    private static void addTo(double[] sums, int at, double z, double error) {
        sums[at]++;
        sums[at + 2] += z;
        sums[at + 3] += z * z;
        sums[at + 4] += error * error;
        sums[at + 5] += Math.abs(error);
    }

    private static void addSite(double[] sums, double[] scores) {
        double score = r2(sums[PATIENTS], sums[Z], sums[Z2], sums[SQUARED_ERROR]);
        Optional<Double> variance = Quantiles.variance(scores);
        if (sums[PATIENTS] < ReportableSubgroups.SMALLEST || !Double.isFinite(score) || variance.isEmpty()) {
            SiteSpread.addNone(sums, SITES);
        } else {
            SiteSpread.add(sums, SITES, SiteScale.R2, score, variance.get());
        }
    }

    private static double standard(TargetKind.Regression kind, double value, String what) {
        double z = (value - kind.centre()) / kind.scale();
        if (!(Math.abs(z) <= PredictionSums.LARGEST_STANDARD)) {
            throw new IllegalArgumentException(what + " of an external patient is not finite, or more than "
                    + PredictionSums.LARGEST_STANDARD + " times the target's scale from its centre");
        }
        return z;
    }

    static int at(Subgroup group) {
        return GROUPS + GROUP * group.ordinal();
    }

    /** Of a replicate at {@code at}. */
    static double r2(double[] sums, int at) {
        return r2(sums[at], sums[at + 1], sums[at + 2], sums[at + 3]);
    }

    /** 1 − SSE/SST with SST = Σz² − (Σz)²/n; no number where z does not vary. */
    static double r2(double n, double z, double z2, double squaredError) {
        double total = z2 - z * z / n;
        return n > 0 && total > CONSTANT * n ? 1 - squaredError / total : Double.NaN;
    }
}
