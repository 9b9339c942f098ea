package org.commissure.privacy.dp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AdaptiveClippingTest {
    private static final AdaptiveClipping START = new AdaptiveClipping(0.1, 0.5, 0.2);

    @Test
    void theClipNormFindsTheQuantileUnderNoise() {
        long seed = 7;
        Random random = new Random(seed);
        DiscreteGaussianNoise noise = new DiscreteGaussianNoise(new SecureRandom(), 4); // σ = 16
        double[] norms = random.doubles(1000).map(u -> 10 * u).toArray();
        AdaptiveClipping clipping = START;
        double mean = 0;
        for (int step = 0; step < 400; step++) {
            AdaptiveClipping now = clipping;
            long votes = Arrays.stream(norms).mapToInt(now::vote).sum() + noise.sample();
            clipping = clipping.after(votes, norms.length);
            mean += step >= 200 ? clipping.clipNorm() / 200 : 0;
        }
        double[] sorted = norms.clone();
        Arrays.sort(sorted);
        assertThat(mean).as("seed %d", seed).isBetween(sorted[450], sorted[550]);
    }

    @Test
    void oneStepIsTheFormula() {
        // 75 of 100 below C: votes 75 − 25 = 50, b̄ = 0.75.
        assertThat(START.after(50, 100).clipNorm()).isCloseTo(0.1 * Math.exp(-0.2 * 0.25), within(1e-15));
        assertThat(START.vote(0.1)).isEqualTo(1);
        assertThat(START.vote(Math.nextUp(0.1))).isEqualTo(-1);
    }

    @Test
    void noiseCannotThrowTheClipNormAround() {
        assertThat(START.after(1_000_000, 10).clipNorm()).isCloseTo(0.1 * Math.exp(-0.1), within(1e-15));
        assertThat(START.after(-1_000_000, 10).clipNorm()).isCloseTo(0.1 * Math.exp(0.1), within(1e-15));
    }

    @Test
    void argumentsOutsideTheirRangesAreRefused() {
        assertThatThrownBy(() -> new AdaptiveClipping(0, 0.5, 0.2)).hasMessageContaining("clip norm");
        assertThatThrownBy(() -> new AdaptiveClipping(1, 1, 0.2)).hasMessageContaining("quantile");
        assertThatThrownBy(() -> START.after(0, 0)).hasMessageContaining("expected number");
    }
}
