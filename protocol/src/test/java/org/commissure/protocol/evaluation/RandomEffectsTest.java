package org.commissure.protocol.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RandomEffectsTest {
    /** Dataset 1 of Borenstein, Hedges, Higgins and Rothstein, Introduction to Meta-Analysis (2009), chapter 14. */
    private static final double[] SCORES = {0.095, 0.277, 0.367, 0.664, 0.462, 0.185};

    private static final double[] WEIGHTS = {30.352, 32.568, 20.048, 95.111, 23.439, 42.698};

    @Test
    void theVarianceBetweenSitesIsThatOfTheTextbook() {
        RandomEffects effects = RandomEffects.of(6, w(0), w2(), w(1), w(2)).orElseThrow();
        assertThat(effects.mean()).isCloseTo(0.4142, within(5e-5));
        assertThat(effects.q()).isCloseTo(12.0033, within(0.03));
        assertThat(effects.tauSquared()).isCloseTo(0.0373, within(2e-4));
        assertThat(effects.iSquared()).isCloseTo(0.5834, within(1e-3));
    }

    @Test
    void theIntervalFollowsByHand() {
        // Two sites, w = 4 and 1, θ = .5 and 0: μ = .4, Q = .2, τ² = 0, var = .2; t with one degree is 12.706.
        RandomEffects effects = RandomEffects.of(2, 5, 17, 2, 1).orElseThrow();
        assertThat(effects.mean()).isEqualTo(0.4);
        assertThat(effects.q()).isCloseTo(0.2, within(1e-12));
        assertThat(effects.tauSquared()).isZero();
        assertThat(effects.interval().high() - 0.4).isCloseTo(12.706 * Math.sqrt(0.2), within(1e-9));
        assertThat(effects.prediction()).isNull();
        // Three sites of w = 100, θ = 0, .5, 1: Q = 50, C = 200, τ² = .24, var = .01/3 + .08.
        RandomEffects spread = RandomEffects.of(3, 300, 30_000, 150, 125).orElseThrow();
        assertThat(spread.q()).isCloseTo(50, within(1e-9));
        assertThat(spread.tauSquared()).isCloseTo(0.24, within(1e-12));
        assertThat(spread.interval().high() - 0.5).isCloseTo(4.303 * Math.sqrt(0.01 / 3 + 0.08), within(1e-9));
    }

    @Test
    void oneSiteHasNoIntervalOverSites() {
        assertThat(RandomEffects.of(1, 3, 9, 1, 1)).isEmpty();
        assertThat(RandomEffects.of(0, 0, 0, 0, 0)).isEmpty();
    }

    @Test
    void sitesAddUpToTheSameSumsAndTheWorstIsKnownToItsBin() {
        List<double[]> vectors = new ArrayList<>();
        for (int s = 0; s < SCORES.length; s++) {
            double[] vector = new double[SiteSpread.LENGTH];
            SiteSpread.add(vector, 0, SiteScale.R2, SCORES[s], 1 / WEIGHTS[s]);
            vectors.add(PredictionSums.scaled(vector));
        }
        double[] none = new double[SiteSpread.LENGTH];
        SiteSpread.addNone(none, 0);
        vectors.add(PredictionSums.scaled(none));
        double[] sum = PredictionSums.unscaled(SecureSum.of(vectors), SiteSpread.LENGTH);
        SiteSpread spread = SiteSpread.of(sum, 0, SiteScale.R2);
        assertThat(spread.sites()).isEqualTo(6);
        assertThat(spread.sitesWithoutScore()).isEqualTo(1);
        RandomEffects pooled = Objects.requireNonNull(spread.pooled());
        assertThat(pooled.tauSquared())
                .isCloseTo(
                        RandomEffects.of(6, w(0), w2(), w(1), w(2))
                                .orElseThrow()
                                .tauSquared(),
                        within(1e-8));
        assertThat(spread.worst()).isEqualTo(new Interval(0.05, 0.1));
        assertThat(spread.histogram().stream().mapToInt(SiteSpread.Bin::sites).sum())
                .isEqualTo(6);
    }

    @Test
    void scoresBelowTheScaleAreInItsLowestBin() {
        assertThat(SiteScale.R2.bin(-40)).isZero();
        assertThat(SiteScale.R2.bin(1)).isEqualTo(SiteScale.BINS - 1);
        assertThat(SiteScale.R2.edge(27)).isEqualTo(0.35);
        assertThat(SiteScale.AUC.bin(0.5)).isEqualTo(20);
    }

    private static double w(int power) {
        double sum = 0;
        for (int s = 0; s < SCORES.length; s++) {
            sum += Math.pow(SCORES[s], power) * WEIGHTS[s];
        }
        return sum;
    }

    private static double w2() {
        double sum = 0;
        for (double weight : WEIGHTS) {
            sum += weight * weight;
        }
        return sum;
    }
}
