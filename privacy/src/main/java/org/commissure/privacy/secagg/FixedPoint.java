package org.commissure.privacy.secagg;

import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Real values as integers of scale S = 2^scaleLog2. Stochastic rounding keeps sums unbiased: a value
 * between two integers goes up with the probability of its fraction. Immutable, thread-safe.
 */
public final class FixedPoint {
    private final double scale;
    private final double valueBound;

    /** @param valueBound B, the largest magnitude that may be encoded */
    public FixedPoint(int scaleLog2, double valueBound) {
        this.scale = Math.scalb(1.0, scaleLog2);
        this.valueBound = valueBound;
    }

    /**
     * Encodes {@code values[offset .. offset+length) · factor}. Nothing is clamped: what does not fit
     * is a failure of the local work and must not be summed.
     *
     * @param random one draw a value; rounding is no secret, so a fast generator will do
     * @throws ArithmeticException if a value is NaN, infinite, or beyond the bound; {@code out} is
     *     then undefined. The message gives neither the value nor its place.
     */
    public void encode(
            float[] values, int offset, int length, double factor, int[] out, int outOffset, RandomGenerator random) {
        Objects.checkFromIndexSize(offset, length, values.length);
        Objects.checkFromIndexSize(outOffset, length, out.length);
        for (int i = 0; i < length; i++) {
            double value = values[offset + i] * factor;
            if (!(Math.abs(value) <= valueBound)) {
                throw new ArithmeticException(
                        Double.isNaN(value)
                                ? "a value is not a number"
                                : Double.isInfinite(value)
                                        ? "a value is infinite"
                                        : "a value exceeds the agreed bound of " + valueBound);
            }
            double scaled = value * scale;
            double floor = Math.floor(scaled);
            double rounded = random.nextDouble() < scaled - floor ? floor + 1 : floor;
            if (rounded != (int) rounded) {
                throw new ArithmeticException("a value does not fit 32 bits at this scale");
            }
            out[outOffset + i] = (int) rounded;
        }
    }

    /** The real value of one element of a sum. */
    public double decode(int sum) {
        return sum / scale;
    }
}
