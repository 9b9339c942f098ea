package org.commissure.privacy.secagg;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One mask: the keystream of AES-256 in counter mode from counter 0, read as little-endian int32, as int64 in
 * the ring of 64 bits.
 * A seed serves one mask only, hence the fixed counter.
 *
 * <p>Callers go through the vector in chunks of {@link #CHUNK} and apply all masks to one chunk
 * before the next: the chunk stays in the cache while every stream passes over it.
 */
final class MaskStream {
    /** Ring elements in a chunk: 16 or 32 KiB, within a core's first cache levels. */
    static final int CHUNK = 4096;

    private static final byte[] ZEROS = new byte[CHUNK * Long.BYTES];

    private final Cipher cipher;
    private final boolean add;

    /**
     * @param seed 32 bytes; wiped here
     * @param add whether the mask is added or subtracted
     */
    MaskStream(byte[] seed, boolean add) {
        this.add = add;
        try {
            // Not Bouncy Castle: the JDK's cipher runs on AES instructions, a hundred times faster.
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(seed, "AES"), new IvParameterSpec(new byte[16]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES in counter mode", e);
        }
        Arrays.fill(seed, (byte) 0);
    }

    /** All masks from their beginning: chunk by chunk, and every mask for one chunk before the next. */
    static void applyAll(List<MaskStream> masks, RingVector vector) {
        byte[] keystream = newKeystream();
        for (int offset = 0; offset < vector.length(); offset += CHUNK) {
            int length = Math.min(CHUNK, vector.length() - offset);
            for (MaskStream mask : masks) {
                mask.apply(vector, offset, length, keystream);
            }
        }
    }

    /** What {@link #applyAll} costs without the additions; for benchmarks. */
    static void keystreamOnly(List<MaskStream> masks, int bytes) {
        byte[] keystream = newKeystream();
        int chunk = CHUNK * Integer.BYTES;
        for (int offset = 0; offset < bytes; offset += chunk) {
            for (MaskStream mask : masks) {
                mask.next(Math.min(chunk, bytes - offset), keystream);
            }
        }
    }

    /** Room for one chunk's keystream; all masks of a vector share it, so that it stays in the cache. */
    static byte[] newKeystream() {
        return new byte[CHUNK * Long.BYTES];
    }

    private void next(int bytes, byte[] keystream) {
        try {
            cipher.update(ZEROS, 0, bytes, keystream, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a keystream as long as its input", e);
        }
    }

    /** Applies the next {@code length ≤ CHUNK} elements of the mask at {@code offset}. */
    void apply(RingVector vector, int offset, int length, byte[] keystream) {
        next(length * vector.elementBytes(), keystream);
        vector.mask(keystream, offset, length, add);
    }
}
