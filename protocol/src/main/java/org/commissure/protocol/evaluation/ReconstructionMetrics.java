package org.commissure.protocol.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a sum of {@link ReconstructionLayout} over sites says: R² and MSE of masked reconstruction with percentile intervals
 * of Poisson bootstrap replicates over patients, beside both baselines. A difference is taken within each replicate, so
 * that its interval is the paired one.
 *
 * @param r2OverParcelMean R² of the model less that of the parcel mean
 * @param r2OverInterpolation R² of the model less that of interpolation
 * @param r2SingleSite R² of the models that sites trained alone, each on its own site's patients; null where no site did
 * @param r2OverSingleSite R² of the model less that
 * @param byMaskRatio at the study's mask ratio, then at each further one
 * @param sites spread of the model's R²
 */
public record ReconstructionMetrics(
        long patients,
        Estimate r2,
        Estimate mse,
        Estimate r2ParcelMean,
        Estimate r2Interpolation,
        Estimate r2OverParcelMean,
        Estimate r2OverInterpolation,
        @Nullable Estimate r2SingleSite,
        @Nullable Estimate r2OverSingleSite,
        List<Ratio> byMaskRatio,
        SiteSpread sites,
        List<Group> subgroups) {

    private static final int MODEL = 3;
    private static final int PARCEL_MEAN = 4;
    private static final int INTERPOLATION = 5;

    public ReconstructionMetrics {
        byMaskRatio = List.copyOf(byMaskRatio);
        subgroups = List.copyOf(subgroups);
    }

    /** Scores at one mask ratio. */
    public record Ratio(double maskRatio, double r2, double mse, double r2ParcelMean, double r2Interpolation) {}

    /**
     * A subgroup of which some site has patients.
     *
     * @param patients of sites that reported it; null where they are fewer than ten
     * @param sitesLeavingOut sites that have patients of it and did not report them
     * @param meanR2 mean of the patients' own R², each at least −8, with a normal interval; null where patients is
     */
    public record Group(
            Subgroup subgroup,
            @Nullable Long patients,
            int sitesLeavingOut,
            @Nullable Estimate meanR2) {}

    /** As {@link #of(List, boolean, double[])}, where no site trains alone. */
    public static Optional<ReconstructionMetrics> of(List<Double> maskRatios, double[] sums) {
        return of(maskRatios, false, sums);
    }

    /**
     * @param maskRatios the study's, then the further ones
     * @param singleSite whether the sums have room for models that sites trained alone
     * @param sums decoded exact sums of the sites' vectors
     * @return empty where the values have no variance to explain
     * @throws IllegalArgumentException if they are no such sums
     */
    public static Optional<ReconstructionMetrics> of(List<Double> maskRatios, boolean singleSite, double[] sums) {
        ReconstructionLayout layout = new ReconstructionLayout(maskRatios.size() - 1, singleSite);
        if (sums.length != layout.length() || !Arrays.stream(sums).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException(
                    "a sum of reconstructions has " + layout.length() + " finite numbers; this one has " + sums.length);
        }
        int at = EvaluationField.VALUES.ordinal();
        if (!Double.isFinite(ReconstructionLayout.r2(sums, at, MODEL))) {
            return Optional.empty();
        }
        Scores scores = new Scores(layout, sums);
        // No model is so good that its error is 0: then no site has added one yet.
        boolean alone = singleSite && sums[at + ReconstructionLayout.SINGLE_SITE] > 0;
        List<Ratio> ratios = new ArrayList<>();
        for (int i = 0; i < maskRatios.size(); i++) {
            ratios.add(ratio(maskRatios.get(i), sums, i == 0 ? at : layout.ratio(i - 1)));
        }
        return Optional.of(new ReconstructionMetrics(
                Math.round(sums[EvaluationField.PATIENTS.ordinal()]),
                scores.of(from -> ReconstructionLayout.r2(sums, from, MODEL)),
                scores.of(from -> sums[from + MODEL] / sums[from]),
                scores.of(from -> ReconstructionLayout.r2(sums, from, PARCEL_MEAN)),
                scores.of(from -> ReconstructionLayout.r2(sums, from, INTERPOLATION)),
                scores.of(from -> over(sums, from, PARCEL_MEAN)),
                scores.of(from -> over(sums, from, INTERPOLATION)),
                alone ? scores.of(from -> ReconstructionLayout.r2(sums, from, ReconstructionLayout.SINGLE_SITE)) : null,
                alone ? scores.of(from -> over(sums, from, ReconstructionLayout.SINGLE_SITE)) : null,
                ratios,
                sites(layout, sums),
                groups(layout, sums)));
    }

    private static double over(double[] sums, int at, int baseline) {
        return ReconstructionLayout.r2(sums, at, MODEL) - ReconstructionLayout.r2(sums, at, baseline);
    }

    private static Ratio ratio(double maskRatio, double[] sums, int at) {
        return new Ratio(
                maskRatio,
                ReconstructionLayout.r2(sums, at, MODEL),
                sums[at + MODEL] / sums[at],
                ReconstructionLayout.r2(sums, at, PARCEL_MEAN),
                ReconstructionLayout.r2(sums, at, INTERPOLATION));
    }

    private static SiteSpread sites(ReconstructionLayout layout, double[] sums) {
        double[] block = Arrays.copyOfRange(sums, layout.sites(), layout.sites() + SiteSpread.LENGTH);
        return SiteSpread.of(PredictionSums.unscaled(block, block.length), 0, SiteScale.R2);
    }

    private static List<Group> groups(ReconstructionLayout layout, double[] sums) {
        List<Group> groups = new ArrayList<>();
        for (Subgroup subgroup : Subgroup.values()) {
            int at = layout.group(subgroup);
            double[] s = PredictionSums.unscaled(
                    Arrays.copyOfRange(sums, at, at + ReconstructionLayout.GROUP), ReconstructionLayout.GROUP);
            double n = Math.rint(s[0]);
            int leavingOut = (int) Math.round(s[1]);
            if (n >= ReportableSubgroups.SMALLEST) {
                double mean = s[2] / n;
                double half = Quantiles.NORMAL_975 * Math.sqrt(Math.max(0, s[3] / n - mean * mean) / (n - 1));
                groups.add(new Group(
                        subgroup, (long) n, leavingOut, new Estimate(mean, new Interval(mean - half, mean + half))));
            } else if (n > 0 || leavingOut > 0) {
                groups.add(new Group(subgroup, null, leavingOut, null));
            }
        }
        return groups;
    }

    /** A score of the sums and of each replicate. */
    private record Scores(ReconstructionLayout layout, double[] sums) {
        Estimate of(IntToDoubleFunction score) {
            double[] replicates = new double[PoissonBootstrap.REPLICATES];
            for (int b = 0; b < replicates.length; b++) {
                replicates[b] = score.applyAsDouble(layout.replicates() + b * layout.sums());
            }
            return new Estimate(
                    score.applyAsDouble(EvaluationField.VALUES.ordinal()),
                    Quantiles.percentiles(replicates).orElse(null));
        }
    }
}
