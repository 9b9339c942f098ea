package org.commissure.protocol.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How well one of two classes is predicted, over all of the pooled external patients. Accuracy and the shares have
 * Wilson's interval, balanced accuracy the combination of two of them (Newcombe 1998, method 10), the Brier score a
 * normal one, AUC Newcombe's ({@link Auc}).
 *
 * @param ones patients of class 1
 * @param accuracy right at the threshold .5
 * @param balancedAccuracy mean of sensitivity and specificity; null where a class has no patient
 * @param auc of probabilities in {@link ClassificationSums#BINS} bins; null where a class has no patient
 * @param aucErrorBound the AUC of the unbinned probabilities is within {@code auc ± aucErrorBound}; the interval holds it
 * @param aucWithinSites share of right pairs among pairs of patients of the same site, exact; unlike {@code auc} no site's
 *     share of class 1 can help it
 * @param brier mean of (p − y)²
 * @param calibration null where a line cannot be fitted: one class only, one bin only, or classes that a probability
 *     separates
 * @param reliability ten bins of the probability; those with fewer than ten patients lack their shares
 * @param sites spread of AUC
 */
public record ClassificationMetrics(
        long patients,
        long ones,
        Estimate accuracy,
        @Nullable Estimate balancedAccuracy,
        @Nullable Estimate auc,
        @Nullable Double aucErrorBound,
        @Nullable Double aucWithinSites,
        Estimate brier,
        @Nullable Calibration calibration,
        List<ReliabilityBin> reliability,
        SiteSpread sites,
        List<Group> subgroups)
        implements PredictionMetrics {

    private static final int RELIABILITY_BINS = 10;

    public ClassificationMetrics {
        reliability = List.copyOf(reliability);
        subgroups = List.copyOf(subgroups);
    }

    /**
     * A bin of the reliability curve.
     *
     * @param patients null, like the shares, where they are fewer than ten but not none
     * @param predicted mean probability, to the histogram's resolution
     * @param observed share of class 1
     */
    public record ReliabilityBin(
            double low,
            double high,
            @Nullable Long patients,
            @Nullable Double predicted,
            @Nullable Estimate observed) {}

    /**
     * A subgroup of which some site has patients.
     *
     * @param patients of sites that reported it; null, like all metrics, where they are fewer than ten
     * @param sitesLeavingOut sites that have patients of it and did not report them
     * @param aucWithinSites null where no site's pairs were reported
     */
    public record Group(
            Subgroup subgroup,
            @Nullable Long patients,
            int sitesLeavingOut,
            @Nullable Estimate accuracy,
            @Nullable Double brier,
            @Nullable Double aucWithinSites) {}

    static ClassificationMetrics of(double[] sums) {
        return ofUnscaled(PredictionSums.unscaled(sums, ClassificationSums.LENGTH));
    }

    static ClassificationMetrics ofUnscaled(double[] s) {
        long n = Math.round(s[ClassificationSums.PATIENTS]);
        if (n < 1) {
            throw new IllegalArgumentException("an evaluation sum counts no patient");
        }
        long ones = Math.round(s[ClassificationSums.ONES]);
        long zeros = n - ones;
        double rightOnes = Math.rint(s[ClassificationSums.RIGHT_ONES]);
        double rightZeros = Math.rint(s[ClassificationSums.RIGHT_ZEROS]);
        double[] histogramZeros = histogram(s, 0);
        double[] histogramOnes = histogram(s, ClassificationSums.BINS);
        Auc auc = ones > 0 && zeros > 0 ? Auc.of(histogramOnes, histogramZeros).ofBins() : null;
        double pairs = s[ClassificationSums.PAIRS];
        return new ClassificationMetrics(
                n,
                ones,
                share(rightOnes + rightZeros, n),
                ones > 0 && zeros > 0 ? meanOf(List.of(share(rightOnes, ones), share(rightZeros, zeros))) : null,
                auc == null ? null : new Estimate(auc.value(), auc.interval()),
                auc == null ? null : auc.ties(),
                pairs > 0 ? Double.valueOf(s[ClassificationSums.CONCORDANT] / pairs) : null,
                brier(n, s),
                Calibration.of(histogramZeros, histogramOnes).orElse(null),
                reliability(histogramZeros, histogramOnes),
                SiteSpread.of(s, ClassificationSums.SITES, SiteScale.AUC),
                groups(s));
    }

    private static double[] histogram(double[] s, int offset) {
        int from = ClassificationSums.HISTOGRAM + offset;
        double[] counts = Arrays.copyOfRange(s, from, from + ClassificationSums.BINS);
        Arrays.setAll(counts, bin -> Math.rint(counts[bin]));
        return counts;
    }

    static Estimate share(double part, double all) {
        return new Estimate(part / all, Quantiles.wilson(part, all));
    }

    /** Of shares of different patients; the interval combines theirs (Newcombe 1998, method 10; Zou and Donner 2008). */
    static Estimate meanOf(List<Estimate> shares) {
        int n = shares.size();
        double sum = 0;
        double below = 0;
        double above = 0;
        for (Estimate share : shares) {
            sum += share.value();
            below = StrictMath.hypot(below, below(share));
            above = StrictMath.hypot(above, above(share));
        }
        return new Estimate(sum / n, new Interval((sum - below) / n, (sum + above) / n));
    }

    private static double below(Estimate share) {
        Interval interval = share.interval();
        return interval == null ? 0 : share.value() - interval.low();
    }

    private static double above(Estimate share) {
        Interval interval = share.interval();
        return interval == null ? 0 : interval.high() - share.value();
    }

    private static Estimate brier(long n, double[] s) {
        double mean = s[ClassificationSums.BRIER] / n;
        if (n < 2) {
            return new Estimate(mean, null);
        }
        double variance = Math.max(0, s[ClassificationSums.BRIER2] / n - mean * mean) / (n - 1);
        double half = Quantiles.NORMAL_975 * Math.sqrt(variance);
        return new Estimate(mean, new Interval(mean - half, mean + half).clamped(0, 1));
    }

    private static List<ReliabilityBin> reliability(double[] zeros, double[] ones) {
        int width = ClassificationSums.BINS / RELIABILITY_BINS;
        List<ReliabilityBin> bins = new ArrayList<>();
        for (int b = 0; b < RELIABILITY_BINS; b++) {
            double n = 0;
            double positive = 0;
            double predicted = 0;
            for (int i = b * width; i < (b + 1) * width; i++) {
                n += zeros[i] + ones[i];
                positive += ones[i];
                predicted += (zeros[i] + ones[i]) * Calibration.centre(i);
            }
            boolean enough = n >= ReportableSubgroups.SMALLEST;
            bins.add(new ReliabilityBin(
                    (double) b / RELIABILITY_BINS,
                    (b + 1.0) / RELIABILITY_BINS,
                    enough || n == 0 ? Long.valueOf((long) n) : null,
                    enough ? Double.valueOf(predicted / n) : null,
                    enough ? share(positive, n) : null));
        }
        return bins;
    }

    private static List<Group> groups(double[] s) {
        List<Group> groups = new ArrayList<>();
        for (Subgroup subgroup : Subgroup.values()) {
            int at = ClassificationSums.at(subgroup);
            double n = Math.rint(s[at]);
            int leavingOut = (int) Math.round(s[at + 1]);
            if (n >= ReportableSubgroups.SMALLEST) {
                groups.add(new Group(
                        subgroup,
                        (long) n,
                        leavingOut,
                        share(Math.rint(s[at + 3]) + Math.rint(s[at + 4]), n),
                        s[at + 5] / n,
                        s[at + 7] > 0 ? Double.valueOf(s[at + 6] / s[at + 7]) : null));
            } else if (n > 0 || leavingOut > 0) {
                groups.add(new Group(subgroup, null, leavingOut, null, null, null));
            }
        }
        return groups;
    }
}
