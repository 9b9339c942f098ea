package org.commissure.privacy.dp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Unpredictable bits at the speed of AES-256-CTR, under a key that is drawn once and kept nowhere else. Not
 * thread-safe. Never prints its state.
 */
final class KeyStream {
    private static final int WORDS = 4096;

    private final Cipher cipher;
    private final byte[] zeros = new byte[8 * WORDS];
    private final byte[] stream = new byte[8 * WORDS];
    private final LongBuffer view =
            ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    private final long[] words = new long[WORDS];
    private int next = WORDS;
    private long rest;
    private int restBits;

    /** @param random where the secret key of this stream comes from */
    KeyStream(SecureRandom random) {
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
    }

    long word() {
        if (next == WORDS) {
            refill();
        }
        long word = words[next];
        words[next++] = 0; // used bits are not kept
        return word;
    }

    /** Uniform in [0, 2^count), 0 ≤ count ≤ 63. */
    long bits(int count) {
        if (count > 32) {
            return word() >>> (64 - count);
        }
        if (restBits < count) {
            rest = word(); // what is left over is dropped: simpler, and at most 31 bits
            restBits = 64;
        }
        long bits = rest & ((1L << count) - 1);
        rest >>>= count;
        restBits -= count;
        return bits;
    }

    private void refill() {
        try {
            cipher.update(zeros, 0, zeros.length, stream, 0);
        } catch (ShortBufferException e) {
            throw new IllegalStateException(e); // both buffers have the same size
        }
        view.clear();
        view.get(words);
        next = 0;
    }
}
