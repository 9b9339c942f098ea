package org.commissure.privacy.dp;

import java.security.SecureRandom;

/**
 * Gaussian noise that nobody can predict: an AES-256-CTR key stream under a fresh secret key drives
 * the Box–Muller transform, so a million samples cost milliseconds. Not thread-safe. Never prints its
 * state.
 *
 * <p><b>Restriction.</b> Floating-point samples are not exactly Gaussian, and the low bits of a noised
 * float can reveal the value below it (Mironov, <i>On Significance of the Least Significant Bits for
 * Differential Privacy</i>, CCS 2012). Mode {@code local} therefore never releases one noised gradient:
 * it goes into a local update that leaves the site only inside a secure sum. A sample is at most 8.6
 * standard deviations, because its uniform has 53 bits; the cut-off mass is below 1.2·10⁻¹⁶.
 */
public final class GaussianNoise {
    private static final double UNIT = 0x1p-53;

    private final KeyStream stream;

    /** @param random where the secret key of this source comes from */
    public GaussianNoise(SecureRandom random) {
        stream = new KeyStream(random);
    }

    /**
     * Adds an independent N(0, standardDeviation²) sample to every value.
     *
     * @param standardDeviation in the unit of {@code values}: clip norm times noise multiplier
     * @throws IllegalArgumentException unless finite and above 0: no noise is never a silent outcome
     */
    public void addTo(float[] values, double standardDeviation) {
        if (!(standardDeviation > 0 && standardDeviation < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "the noise's standard deviation is " + standardDeviation + ", not finite and above 0");
        }
        for (int i = 0; i < values.length; i += 2) {
            // Box–Muller: two samples from a radius and an angle.
            double radius = standardDeviation * Math.sqrt(-2 * Math.log((stream.bits(53) + 1) * UNIT));
            double angle = 2 * Math.PI * (stream.bits(53) * UNIT);
            values[i] = (float) (values[i] + radius * Math.cos(angle));
            if (i + 1 < values.length) {
                values[i + 1] = (float) (values[i + 1] + radius * Math.sin(angle));
            }
        }
    }
}
