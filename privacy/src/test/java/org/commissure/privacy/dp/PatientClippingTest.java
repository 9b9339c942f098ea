package org.commissure.privacy.dp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PatientClippingTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aLongGradientEndsAtTheClipNormAndNeverAnyBitAbove(long seed) {
        Random random = new Random(seed);
        float[] gradient = gaussian(random, 1 + random.nextInt(2000), Math.exp(8 * random.nextGaussian()));
        double before = norm(gradient);
        double clipNorm = before * random.nextDouble();

        assertThat(PatientClipping.clip(gradient, clipNorm)).isCloseTo(before, within(1e-12 * before));

        assertThat(squares(gradient)).isLessThanOrEqualTo(new BigDecimal(clipNorm).pow(2)); // exact arithmetic
        assertThat(norm(gradient)).isCloseTo(clipNorm, within(2e-7 * clipNorm));
    }

    @Test
    void aShortGradientKeepsItsBits() {
        float[] gradient = gaussian(new Random(9), 100, 1);
        float[] copy = gradient.clone();
        PatientClipping.clip(gradient, norm(gradient) * 1.001);
        assertThat(gradient).isEqualTo(copy);
        assertThat(PatientClipping.clip(new float[3], 1)).isZero();
    }

    @Test
    void directionIsKept() {
        float[] gradient = {3, -4, 0};
        assertThat(PatientClipping.clip(gradient, 1)).isEqualTo(5);
        assertThat(gradient[0]).isCloseTo(0.6f, within(1e-6f));
        assertThat(gradient[1]).isCloseTo(-0.8f, within(1e-6f));
        assertThat(gradient[2]).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 17, 400})
    void onePatientMovesTheSumByAtMostTheClipNormWhateverTheNumberOfWindows(int windows) {
        Random random = new Random(windows);
        float[] patient = new float[50];
        for (int window = 0; window < windows; window++) {
            float[] gradient = gaussian(random, patient.length, 1);
            for (int i = 0; i < patient.length; i++) {
                patient[i] += gradient[i];
            }
        }
        PatientClipping.clip(patient, 0.5);
        assertThat(norm(patient)).isLessThanOrEqualTo(0.5);
    }

    @Test
    void veryLargeGradientsDoNotOverflow() {
        float[] gradient = {Float.MAX_VALUE, Float.MAX_VALUE};
        PatientClipping.clip(gradient, 1);
        assertThat(norm(gradient)).isCloseTo(1, within(1e-6)).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void aValueThatIsNotANumberIsRefusedAndNothingIsChanged(float bad) {
        float[] gradient = {100, bad};
        assertThatThrownBy(() -> PatientClipping.clip(gradient, 1)).isInstanceOf(ArithmeticException.class);
        assertThat(gradient[0]).isEqualTo(100);
    }

    @Test
    void aClipNormThatBoundsNothingIsRefused() {
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> PatientClipping.clip(new float[1], bad)).hasMessageContaining("clip norm");
        }
    }

    private static float[] gaussian(Random random, int length, double scale) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    private static BigDecimal squares(float[] values) {
        BigDecimal sum = BigDecimal.ZERO;
        for (float value : values) {
            sum = sum.add(new BigDecimal(value).pow(2));
        }
        return sum;
    }

    private static double norm(float[] values) {
        return Math.sqrt(squares(values).doubleValue());
    }
}
