package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.SortedMap;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.commissure.privacy.identity.SignedMessages;

/**
 * R7: ⟨r, X⟩ = Σ ⟨r, x_u⟩ modulo the prime 2^61 − 1, for a random r that nobody knew when the coordinator signed
 * the hash of X. If X is not the sum of the x_u, the two differ but for a chance of about 2^−61 (a linear form
 * over a field, Freivalds 1977). The challenge is the hash of one nonce of each survivor, to which it committed
 * in its masked header; the ⟨r, x_u⟩ are themselves hidden by pairwise masks, so that only their sum is seen.
 */
final class SumCheck {
    private static final long PRIME = (1L << 61) - 1;

    private SumCheck() {}

    static ByteString commitment(ByteString nonce, int index, ByteString rosterHash) {
        return SignedMessages.sha256(
                Seeds.label("check-commitment", index).concat(nonce).concat(rosterHash));
    }

    /** The seed of r. @param nonces by index */
    static ByteString challenge(ByteString resultSha256, SortedMap<Integer, ByteString> nonces) {
        ByteString all = Seeds.label("check-challenge").concat(resultSha256);
        for (ByteString nonce : nonces.values()) {
            all = all.concat(nonce);
        }
        return SignedMessages.sha256(all);
    }

    /** Little-endian, of 16 bytes of a derived secret; its distance from uniform is below 2^−66. */
    static long element(byte[] secret) {
        ByteBuffer halves = ByteBuffer.wrap(secret).order(ByteOrder.LITTLE_ENDIAN);
        long high = Math.floorMod(halves.getLong(Long.BYTES), PRIME);
        return add(Math.floorMod(halves.getLong(0), PRIME), product(high, 1L << 3)); // 2^64 = 8 modulo the prime
    }

    /** Of two elements; {@code b} may also be a wire value that is none, which is reduced. */
    static long add(long a, long b) {
        return Math.floorMod(a + Math.floorMod(b, PRIME), PRIME);
    }

    static long subtract(long a, long b) {
        return Math.floorMod(a - b, PRIME);
    }

    private static long product(long a, long b) {
        long high = Math.multiplyHigh(a, b);
        long low = a * b;
        long folded = (low & PRIME) + (low >>> 61 | high << 3);
        return folded >= PRIME ? folded - PRIME : folded;
    }

    /** ⟨r, x⟩ of a vector that comes piece by piece. Not thread-safe. */
    static final class InnerProduct {
        private final Cipher stream;
        private final byte[] zeros = new byte[MaskStream.CHUNK * Long.BYTES];
        private final ByteBuffer coefficients =
                ByteBuffer.allocate(zeros.length).order(ByteOrder.LITTLE_ENDIAN);
        private long total;

        /** @param challenge 32 bytes: r is the keystream of AES-256-CTR under it, 61 bits of each 8 bytes */
        InnerProduct(ByteString challenge) {
            try {
                stream = Cipher.getInstance("AES/CTR/NoPadding");
                stream.init(
                        Cipher.ENCRYPT_MODE,
                        new SecretKeySpec(challenge.toByteArray(), "AES"),
                        new IvParameterSpec(new byte[16]));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has AES in counter mode", e);
            }
        }

        /** Takes the next {@code count ≤ CHUNK} elements, which stand centred at the beginning of {@code chunk}. */
        void add(RingVector chunk, int count) {
            try {
                stream.update(zeros, 0, count * Long.BYTES, coefficients.array(), 0);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a keystream as long as its input", e);
            }
            for (int i = 0; i < count; i++) {
                long r = coefficients.getLong(i * Long.BYTES) & PRIME;
                long sum = total + product(r, Math.floorMod(chunk.get(i), PRIME));
                total = sum >= PRIME ? sum - PRIME : sum;
            }
        }

        long value() {
            return total;
        }
    }
}
