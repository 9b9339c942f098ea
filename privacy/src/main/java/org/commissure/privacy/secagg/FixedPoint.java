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
    private final double largest;

    /** @param valueBound B, the largest magnitude that may be encoded */
    public FixedPoint(Ring ring, int scaleLog2, double valueBound) {
        this.scale = Math.scalb(1.0, scaleLog2);
        this.valueBound = valueBound;
        this.largest = Math.scalb(1.0, ring.bits() - 1);
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
            float[] values,
            int offset,
            int length,
            double factor,
            RingVector out,
            int outOffset,
            RandomGenerator random) {
        Objects.checkFromIndexSize(offset, length, values.length);
        Objects.checkFromIndexSize(outOffset, length, out.length());
        for (int i = 0; i < length; i++) {
            double scaled = bounded(values[offset + i] * factor) * scale;
            double floor = Math.floor(scaled);
            double rounded = random.nextDouble() < scaled - floor ? floor + 1 : floor;
            if (!(Math.abs(rounded) < largest)) {
                throw new ArithmeticException("a value does not fit the ring at this scale");
            }
            out.set(outOffset + i, (long) rounded);
        }
    }

    /**
     * Whether {@link #encode} will take all of {@code values · factor}.
     *
     * @throws ArithmeticException as there
     */
    public void check(float[] values, double factor) {
        for (float value : values) {
            bounded(value * factor);
        }
    }

    private double bounded(double value) {
        if (Math.abs(value) <= valueBound) {
            return value;
        }
        throw new ArithmeticException(
                Double.isNaN(value)
                        ? "a value is not a number"
                        : Double.isInfinite(value)
                                ? "a value is infinite"
                                : "a value exceeds the agreed bound of " + valueBound);
    }

    /** The real value of one element of a sum, to 53 significant bits. */
    public double decode(long sum) {
        return sum / scale;
    }
}
