package org.commissure.models.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SignProjectionTest {
    /** java.util.SplittableRandom documents SplitMix64, so its words are an independent source of the signs. */
    @Test
    void signsAreTheBitsOfSplitMix64() {
        SplittableRandom words = new SplittableRandom(42);
        long first = words.nextLong();
        long second = words.nextLong();
        double[] x = new double[100];
        x[3] = 10;
        double expected = 10.0 / 10 * ((first >>> 3 & 1) == 1 ? -1 : 1);
        assertThat(new SignProjection(100, 4, 42).of(x)[0]).isCloseTo(expected, within(1e-12));
        double[] y = new double[100];
        y[70] = 10;
        assertThat(new SignProjection(100, 4, 42).of(y)[0]).isCloseTo((second >>> 6 & 1) == 1 ? -1 : 1, within(1e-12));
    }

    @Test
    void lengthsAndAnglesNearlySurvive() {
        Random random = new Random(1);
        int n = 5_000;
        double[] a = random.doubles(n, -1, 1).toArray();
        double[] b = random.doubles(n, -1, 1).toArray();
        SignProjection projection = new SignProjection(n, 500, 7);
        double[] pa = projection.of(a);
        double[] pb = projection.of(b);
        // |Rx|²/500 estimates |x|²/n with a relative standard error of √(2/500) = .063.
        assertThat(dot(pa, pa) / 500 / (dot(a, a) / n)).isBetween(0.75, 1.25);
        assertThat(dot(pa, pb) / 500 / (dot(a, a) / n)).isBetween(-0.25, 0.25);
    }

    @Test
    void anotherLengthIsRefused() {
        assertThatThrownBy(() -> new SignProjection(10, 2, 1).of(new double[9]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10");
    }

    private static double dot(double[] a, double[] b) {
        double[] products = new double[a.length];
        Arrays.setAll(products, i -> a[i] * b[i]);
        return Arrays.stream(products).sum();
    }
}
