package org.commissure.protocol.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How well a number is predicted. All of the pooled external patients, in the target's unit. Intervals of R², MAE and
 * RMSE are percentiles of Poisson bootstrap replicates over patients; that of r is Fisher's; those of the calibration
 * are of least squares.
 *
 * @param r2 1 − SSE/SST; null where the truth does not vary
 * @param pearson null where truth or prediction does not vary
 * @param calibrationSlope of truth on prediction, 1 at best; null where the prediction does not vary
 * @param calibrationIntercept of the same line, 0 at best
 * @param sites spread of R²
 */
public record RegressionMetrics(
        long patients,
        @Nullable Estimate r2,
        Estimate mae,
        Estimate rmse,
        @Nullable Estimate pearson,
        @Nullable Estimate calibrationSlope,
        @Nullable Double calibrationIntercept,
        SiteSpread sites,
        List<Group> subgroups)
        implements PredictionMetrics {

    public RegressionMetrics {
        subgroups = List.copyOf(subgroups);
    }

    /**
     * A subgroup of which some site has patients.
     *
     * @param patients of sites that reported it; null, like all metrics, where they are fewer than ten
     * @param sitesLeavingOut sites that have patients of it and did not report them
     * @param mae with a normal interval
     */
    public record Group(
            Subgroup subgroup,
            @Nullable Long patients,
            int sitesLeavingOut,
            @Nullable Estimate mae,
            @Nullable Double r2) {}

    static RegressionMetrics of(TargetKind.Regression kind, double[] sums) {
        double[] s = PredictionSums.unscaled(sums, RegressionSums.LENGTH);
        long n = Math.round(s[RegressionSums.PATIENTS]);
        if (n < 1) {
            throw new IllegalArgumentException("an evaluation sum counts no patient");
        }
        double r2 = RegressionSums.r2(n, s[RegressionSums.Z], s[RegressionSums.Z2], s[RegressionSums.SQUARED_ERROR]);
        Line line = Line.of(n, s);
        return new RegressionMetrics(
                n,
                Double.isFinite(r2) ? estimate(s, r2, at -> RegressionSums.r2(s, at)) : null,
                estimate(
                        s, kind.scale() * s[RegressionSums.ABSOLUTE_ERROR] / n, at -> kind.scale() * s[at + 4] / s[at]),
                estimate(
                        s,
                        kind.scale() * Math.sqrt(s[RegressionSums.SQUARED_ERROR] / n),
                        at -> kind.scale() * Math.sqrt(s[at + 3] / s[at])),
                line.pearson(n),
                line.slope(n),
                line.intercept(kind, n),
                SiteSpread.of(s, RegressionSums.SITES, SiteScale.R2),
                groups(kind, s));
    }

    private static Estimate estimate(double[] s, double value, IntToDoubleFunction ofReplicate) {
        double[] replicates = new double[PoissonBootstrap.REPLICATES];
        for (int b = 0; b < replicates.length; b++) {
            replicates[b] = ofReplicate.applyAsDouble(RegressionSums.REPLICATES + b * RegressionSums.REPLICATE);
        }
        return new Estimate(value, Quantiles.percentiles(replicates).orElse(null));
    }

    private static List<Group> groups(TargetKind.Regression kind, double[] s) {
        List<Group> groups = new ArrayList<>();
        for (Subgroup subgroup : Subgroup.values()) {
            int at = RegressionSums.at(subgroup);
            double n = Math.round(s[at]);
            int leavingOut = (int) Math.round(s[at + 1]);
            if (n >= ReportableSubgroups.SMALLEST) {
                double mae = s[at + 5] / n;
                double half = Quantiles.NORMAL_975 * Math.sqrt(Math.max(0, s[at + 4] / n - mae * mae) / (n - 1));
                double r2 = RegressionSums.r2(n, s[at + 2], s[at + 3], s[at + 4]);
                groups.add(new Group(
                        subgroup,
                        (long) n,
                        leavingOut,
                        new Estimate(
                                kind.scale() * mae,
                                new Interval(kind.scale() * Math.max(0, mae - half), kind.scale() * (mae + half))),
                        Double.isFinite(r2) ? r2 : null));
            } else if (n > 0 || leavingOut > 0) {
                groups.add(new Group(subgroup, null, leavingOut, null, null));
            }
        }
        return groups;
    }

    /** Central moments of z and ẑ over the patients: Σ(z − z̄)², Σ(ẑ − ẑ̄)², Σ(z − z̄)(ẑ − ẑ̄), and both means. */
    private record Line(double zz, double pp, double zp, double meanZ, double meanP) {
        static Line of(long n, double[] s) {
            double z = s[RegressionSums.Z];
            double p = s[RegressionSums.P];
            return new Line(
                    s[RegressionSums.Z2] - z * z / n,
                    s[RegressionSums.P2] - p * p / n,
                    s[RegressionSums.ZP] - z * p / n,
                    z / n,
                    p / n);
        }

        private boolean varies(long n) {
            return pp > RegressionSums.CONSTANT * n;
        }

        @Nullable
        Estimate pearson(long n) {
            if (!varies(n) || !(zz > RegressionSums.CONSTANT * n)) {
                return null;
            }
            double r = Math.clamp(zp / Math.sqrt(zz * pp), -1, 1);
            if (n <= 3 || Math.abs(r) == 1) {
                return new Estimate(r, null);
            }
            double fisher = StrictMath.log((1 + r) / (1 - r)) / 2;
            double half = Quantiles.NORMAL_975 / Math.sqrt(n - 3.0);
            return new Estimate(r, new Interval(StrictMath.tanh(fisher - half), StrictMath.tanh(fisher + half)));
        }

        @Nullable
        Estimate slope(long n) {
            if (!varies(n)) {
                return null;
            }
            double slope = zp / pp;
            if (n <= 2) {
                return new Estimate(slope, null);
            }
            double residual = Math.max(0, zz - slope * zp) / (n - 2);
            double half = Quantiles.student975(n - 2) * Math.sqrt(residual / pp);
            return new Estimate(slope, new Interval(slope - half, slope + half));
        }

        /** Of y = a + b·ŷ, back in the unit: a = centre·(1 − b) + scale·(z̄ − b·ẑ̄). */
        @Nullable
        Double intercept(TargetKind.Regression kind, long n) {
            if (!varies(n)) {
                return null;
            }
            double slope = zp / pp;
            return kind.centre() * (1 - slope) + kind.scale() * (meanZ - slope * meanP);
        }
    }
}
