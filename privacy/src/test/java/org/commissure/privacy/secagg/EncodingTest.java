package org.commissure.privacy.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingTest {
    private static final Ring RING = new Ring(32);

    private final SplittableRandom random = new SplittableRandom(7);

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 2.01f, -2.01f})
    void whatDoesNotFitIsALocalFailureThatShowsNoValue(float bad) {
        float[] values = {0.5f, bad};
        assertThatThrownBy(() ->
                        new FixedPoint(RING, 16, 1).encode(values, 0, 2, 0.5, RingVector.zeros(RING, 2), 0, random))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageStartingWith("a value ")
                .hasMessageNotContaining("2.01")
                .hasMessageNotContaining("1.00");
    }

    @Test
    void aVectorOfTheWrongLengthIsRefused() {
        assertThatThrownBy(() ->
                        new FixedPoint(RING, 16, 1).encode(new float[3], 0, 3, 1, RingVector.zeros(RING, 2), 0, random))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void roundingIsUnbiasedAndNeverOffByMoreThanOneStep() {
        FixedPoint fixedPoint = new FixedPoint(RING, 4, 1);
        float[] values = new float[100_000];
        java.util.Arrays.fill(values, -0.3f);
        RingVector out = RingVector.zeros(RING, values.length);
        fixedPoint.encode(values, 0, values.length, 1, out, 0, random);
        double mean = 0;
        for (int value : out.toInts()) {
            assertThat(value).isBetween(-5, -4); // -0.3 · 16 = -4.8
            mean += fixedPoint.decode(value) / values.length;
        }
        assertThat(mean).isCloseTo(-0.3, within(4 * 0.4 / 16 / Math.sqrt(values.length)));
    }

    @Test
    void theBoundItselfIsEncoded() {
        RingVector out = RingVector.zeros(RING, 2);
        new FixedPoint(RING, 20, 1.5).encode(new float[] {1.5f, -1.5f}, 0, 2, 1, out, 0, random);
        assertThat(out.toInts()).containsExactly(3 << 19, -(3 << 19));
    }

    @Test
    void aSumThatCouldOverflowIsRefusedWithTheScaleThatWouldFit() {
        assertThatCode(() -> EncodingBound.check(4, (1 << 29) - 2, 0, 32)).doesNotThrowAnyException();
        assertThatThrownBy(() -> EncodingBound.check(4, (1 << 29) - 1, 0, 32)).isInstanceOf(UserError.class);
        assertThatThrownBy(() -> EncodingBound.check(4, Double.NaN, 0, 32)).isInstanceOf(UserError.class);
        assertThatThrownBy(() -> EncodingBound.check(4, 1, 40, 32))
                .isInstanceOfSatisfying(
                        UserError.class, error -> assertThat(error.remedy()).contains("scale_log2 to at most 28"));
        assertThatCode(() -> EncodingBound.check(4, 1, 28, 32)).doesNotThrowAnyException();
    }

    @Test
    void theBoundIsExactWhereDoublesAreNot() {
        // 4 · (2^61 + 1) = 2^63 + 4, which as doubles is 2^63 - as is 4 · (2^61 - 1 + 1), which fits one step below.
        assertThatThrownBy(() -> EncodingBound.check(4, 1, 61, 64))
                .isInstanceOfSatisfying(
                        UserError.class, error -> assertThat(error.remedy()).contains("scale_log2 to at most 60"));
        assertThatCode(() -> EncodingBound.check(4, 1, 60, 64)).doesNotThrowAnyException();
        assertThatThrownBy(() -> EncodingBound.check(4, Math.scalb(1.0, 61), 0, 64))
                .isInstanceOf(UserError.class);
        assertThatCode(() -> EncodingBound.check(4, Math.scalb(1.0, 61) - 256, 0, 64))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> EncodingBound.check(4, 1e300, 60, 64)).isInstanceOf(UserError.class);
    }

    @Test
    void statisticsOfManySitesAddUpExactly() {
        int parties = 255;
        int[] summed = new int[ExactSums.dimension(4)];
        double[] expected = new double[4];
        for (int site = 0; site < parties; site++) {
            double[] sums = {
                site, -1234.5 * site, Math.scalb((double) random.nextInt(1 << 30), -16), Math.scalb(1.0, 45) - site
            };
            int[] encoded = ExactSums.encode(sums);
            for (int i = 0; i < summed.length; i++) {
                assertThat(encoded[i]).isBetween(0, (int) ExactSums.VALUE_BOUND);
                summed[i] += encoded[i];
            }
            for (int field = 0; field < 4; field++) {
                expected[field] += sums[field];
            }
        }
        assertThat(ExactSums.decode(summed, parties)).containsExactly(expected);
        assertThatCode(() -> EncodingBound.check(parties, ExactSums.VALUE_BOUND, ExactSums.SCALE_LOG2, 32))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY, 1e14})
    void aStatisticThatDoesNotFitIsRefused(double bad) {
        assertThatThrownBy(() -> ExactSums.encode(new double[] {bad})).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void aSumThatCannotBeOfSoManyPartiesIsRefused() {
        assertThatThrownBy(() -> ExactSums.decode(new int[] {65_536, 0, 0, 0}, 1))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> ExactSums.decode(new int[3], 1)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void aBitmapIsLeastSignificantBitFirst() {
        TreeSet<Integer> indices = new TreeSet<>(java.util.List.of(1, 8, 9));
        ByteString bitmap = Bitmaps.of(indices, 10);
        assertThat(bitmap.toByteArray()).containsExactly(0x81, 0x01);
        assertThat(Bitmaps.indices(bitmap, 10)).isEqualTo(indices);
        assertThatThrownBy(() -> Bitmaps.of(java.util.Set.of(11), 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bitmaps.indices(bitmap, 8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bitmaps.indices(ByteString.copyFrom(new byte[] {0, 4}), 10))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
