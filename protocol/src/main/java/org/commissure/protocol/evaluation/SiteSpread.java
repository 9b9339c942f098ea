package org.commissure.protocol.evaluation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How sites differ in the headline metric, without saying which site is which.
 *
 * @param sites that told their score: those with at least {@link ReportableSubgroups#SMALLEST} external patients and a
 *     defined score
 * @param sitesWithoutScore that did not
 * @param pooled null below two sites
 * @param histogram bins that hold a site, ascending
 * @param worst between which scores the worst site lies: its bin; null where no site told one
 */
public record SiteSpread(
        int sites,
        int sitesWithoutScore,
        @Nullable RandomEffects pooled,
        List<Bin> histogram,
        @Nullable Interval worst) {
    /** Values of the block: sites with and without, Σw, Σw², Σwθ, Σwθ², counts by bin. */
    static final int LENGTH = 6 + SiteScale.BINS;

    public SiteSpread {
        histogram = List.copyOf(histogram);
    }

    /** Sites with a score in [low, high); the lowest bin also holds all below, the highest its upper end. */
    public record Bin(double low, double high, int sites) {}

    /** A site that tells no score. */
    static void addNone(double[] sums, int at) {
        sums[at + 1] = 1;
    }

    /** A site's score with its sampling variance. */
    static void add(double[] sums, int at, SiteScale scale, double score, double variance) {
        double theta = Math.clamp(score, -SiteScale.LARGEST, SiteScale.LARGEST);
        double w = 1 / Math.max(variance, SiteScale.LEAST_VARIANCE);
        sums[at] = 1;
        sums[at + 2] = w;
        sums[at + 3] = w * w;
        sums[at + 4] = w * theta;
        sums[at + 5] = w * theta * theta;
        sums[at + 6 + scale.bin(score)] = 1;
    }

    /** From summed values. */
    static SiteSpread of(double[] sums, int at, SiteScale scale) {
        int sites = (int) Math.round(sums[at]);
        List<Bin> bins = new ArrayList<>();
        for (int b = 0; b < SiteScale.BINS; b++) {
            int count = (int) Math.round(sums[at + 6 + b]);
            if (count > 0) {
                bins.add(new Bin(scale.edge(b), scale.edge(b + 1), count));
            }
        }
        return new SiteSpread(
                sites,
                (int) Math.round(sums[at + 1]),
                RandomEffects.of(sites, sums[at + 2], sums[at + 3], sums[at + 4], sums[at + 5])
                        .orElse(null),
                bins,
                bins.isEmpty()
                        ? null
                        : new Interval(bins.getFirst().low(), bins.getFirst().high()));
    }
}
