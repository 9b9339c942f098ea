package org.commissure.privacy.dp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

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
    private static final int BUFFER_BYTES = 8192;
    private static final double UNIT = 0x1p-53;

    private final Cipher cipher;
    private final byte[] zeros = new byte[BUFFER_BYTES];
    private final byte[] stream = new byte[BUFFER_BYTES];
    private final ByteBuffer words = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);

    /** @param random where the secret key of this source comes from */
    public GaussianNoise(SecureRandom random) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        try {
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no AES-256-CTR", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
        words.position(BUFFER_BYTES);
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
            double radius = standardDeviation * Math.sqrt(-2 * Math.log((bits53() + 1) * UNIT));
            double angle = 2 * Math.PI * (bits53() * UNIT);
            values[i] = (float) (values[i] + radius * Math.cos(angle));
            if (i + 1 < values.length) {
                values[i + 1] = (float) (values[i + 1] + radius * Math.sin(angle));
            }
        }
    }

    private long bits53() {
        if (!words.hasRemaining()) {
            try {
                cipher.update(zeros, 0, BUFFER_BYTES, stream, 0);
            } catch (ShortBufferException e) {
                throw new IllegalStateException(e); // both buffers have the same size
            }
            words.clear();
        }
        return words.getLong() >>> 11;
    }
}
