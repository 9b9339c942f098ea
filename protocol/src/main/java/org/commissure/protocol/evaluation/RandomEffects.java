package org.commissure.protocol.evaluation;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sites' scores θ pooled as draws from a distribution of sites, from four sums alone, so that no site's score needs to
 * be known. With w = 1/v, v the sampling variance of a site's score, and k sites:
 *
 * <pre>
 * μ  = Σwθ / Σw
 * Q  = Σwθ² − (Σwθ)²/Σw
 * τ² = max(0, (Q − (k − 1)) / (Σw − Σw²/Σw))           DerSimonian and Laird 1986, eq. 8
 * var(μ) = 1/Σw + τ² Σw²/(Σw)²                         Henmi and Copas 2010, eq. 3
 * </pre>
 *
 * The centre is the inverse-variance mean, because weights 1/(v + τ²) are no function of sums; the variance is that of
 * this mean under random effects, so the interval is valid and at most somewhat wider. Quantiles are Student's with k − 1
 * degrees of freedom, since with a few sites normal ones promise too much.
 *
 * @param mean μ
 * @param interval 95 %, of the mean over sites like these
 * @param prediction 95 %, of a further site like these (Higgins et al. 2009, k − 2 degrees of freedom); null below 3 sites
 * @param tauSquared variance between sites
 * @param q Cochran's Q
 * @param iSquared share of the spread that is between sites, in [0, 1]
 */
public record RandomEffects(
        double mean,
        Interval interval,
        @Nullable Interval prediction,
        double tauSquared,
        double q,
        double iSquared,
        int sites) {

    /** Empty below two sites. */
    static Optional<RandomEffects> of(int sites, double w, double w2, double wTheta, double wTheta2) {
        if (sites < 2 || !(w > 0)) {
            return Optional.empty();
        }
        double mean = wTheta / w;
        double q = Math.max(0, wTheta2 - wTheta * mean);
        double c = w - w2 / w;
        double tau2 = c > 0 ? Math.max(0, (q - (sites - 1)) / c) : 0;
        double variance = 1 / w + tau2 * w2 / (w * w);
        double half = Quantiles.student975(sites - 1) * Math.sqrt(variance);
        Interval prediction = null;
        if (sites > 2) {
            double wide = Quantiles.student975(sites - 2) * Math.sqrt(tau2 + variance);
            prediction = new Interval(mean - wide, mean + wide);
        }
        return Optional.of(new RandomEffects(
                mean,
                new Interval(mean - half, mean + half),
                prediction,
                tau2,
                q,
                q > 0 ? Math.max(0, (q - (sites - 1)) / q) : 0,
                sites));
    }
}
