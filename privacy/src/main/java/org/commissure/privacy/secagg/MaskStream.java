package org.commissure.privacy.secagg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One mask: the keystream of AES-256 in counter mode from counter 0, read as little-endian int32.
 * A seed serves one mask only, hence the fixed counter.
 *
 * <p>Callers go through the vector in chunks of {@link #CHUNK} and apply all masks to one chunk
 * before the next: the chunk stays in the cache while every stream passes over it.
 */
final class MaskStream {
    /** Ring elements in a chunk: 16 KiB, well within a core's first cache levels. */
    static final int CHUNK = 4096;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] ZEROS = new byte[CHUNK * Integer.BYTES];

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
    static void applyAll(List<MaskStream> masks, int[] vector) {
        byte[] keystream = newKeystream();
        for (int offset = 0; offset < vector.length; offset += CHUNK) {
            int length = Math.min(CHUNK, vector.length - offset);
            for (MaskStream mask : masks) {
                mask.apply(vector, offset, length, keystream);
            }
        }
    }

    /** What {@link #applyAll} costs without the additions; for benchmarks. */
    static void keystreamOnly(List<MaskStream> masks, int length) {
        byte[] keystream = newKeystream();
        for (int offset = 0; offset < length; offset += CHUNK) {
            for (MaskStream mask : masks) {
                mask.next(Math.min(CHUNK, length - offset), keystream);
            }
        }
    }

    /** Room for one chunk's keystream; all masks of a vector share it, so that it stays in the cache. */
    static byte[] newKeystream() {
        return new byte[CHUNK * Integer.BYTES];
    }

    private void next(int length, byte[] keystream) {
        try {
            cipher.update(ZEROS, 0, length * Integer.BYTES, keystream, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a keystream as long as its input", e);
        }
    }

    /** Applies the next {@code length ≤ CHUNK} elements of the mask at {@code offset}. */
    void apply(int[] vector, int offset, int length, byte[] keystream) {
        next(length, keystream);
        if (add) {
            for (int i = 0; i < length; i++) {
                vector[offset + i] += (int) INTS.get(keystream, i * Integer.BYTES);
            }
        } else {
            for (int i = 0; i < length; i++) {
                vector[offset + i] -= (int) INTS.get(keystream, i * Integer.BYTES);
            }
        }
    }
}
