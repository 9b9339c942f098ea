package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Every key and mask seed of a sum, derived from the two secrets of a site: its key seed k_u and its
 * self-mask seed b_u. Each derivation has a label of its own, and all but the first are bound to the
 * roster, and through it to the configuration with its model, round and attempt.
 */
final class Seeds {
    /** Length of both secrets, and of every seed of a mask. */
    static final int BYTES = 32;

    private static final String LABEL = "commissure/v1/secagg/";

    private Seeds() {}

    /** The X25519 private key that belongs to k_u in this attempt. */
    static byte[] x25519(byte[] keySeed, ByteString configHash) {
        return Hkdf.derive(keySeed, configHash.toByteArray(), info("x25519"), BYTES);
    }

    /** d ‖ z of the ML-KEM-768 key that belongs to k_u in this attempt. */
    static byte[] mlKem(byte[] keySeed, ByteString configHash) {
        return Hkdf.derive(keySeed, configHash.toByteArray(), info("mlkem768"), MlKemKey.SEED_BYTES);
    }

    /** The coins with which the owner of k_u encapsulates to one peer. */
    static byte[] coins(byte[] keySeed, ByteString configHash, int to) {
        return Hkdf.derive(keySeed, configHash.toByteArray(), info("mlkem768-coins", to), MlKemKey.COINS_BYTES);
    }

    /** s_uv for u &lt; v, from the agreement in which u is the sender. */
    static byte[] pairMask(SumKey.Agreement agreed, ByteString rosterHash, int u, int v) {
        return derive(agreed, rosterHash, "pair-mask", u, v);
    }

    static byte[] selfMask(byte[] selfSeed, ByteString rosterHash, int u) {
        return Hkdf.derive(selfSeed, rosterHash.toByteArray(), info("self-mask", u), BYTES);
    }

    /** The AES-256-GCM key for the one envelope from one site to another. */
    static byte[] envelopeKey(SumKey.Agreement agreed, ByteString rosterHash, int from, int to) {
        return derive(agreed, rosterHash, "share-envelope", from, to);
    }

    /** What a site publishes beside its shares, so that a wrongly recovered b_u is noticed. */
    static ByteString commitment(byte[] selfSeed, int index, ByteString rosterHash) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(info("self-seed-commitment", index));
            digest.update(selfSeed);
            digest.update(rosterHash.asReadOnlyByteBuffer());
            return ByteString.copyFrom(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Binds the ciphertext too: two ciphertexts of one secret are two agreements. */
    private static byte[] derive(SumKey.Agreement agreed, ByteString rosterHash, String purpose, int from, int to) {
        byte[] context = info(purpose, from, to);
        byte[] info =
                Arrays.copyOf(context, context.length + agreed.ciphertext().size());
        agreed.ciphertext().copyTo(info, context.length);
        return Hkdf.derive(agreed.secret(), rosterHash.toByteArray(), info, BYTES);
    }

    /** What a site adds to the challenge of the sum's check, and commits to before. */
    static ByteString checkNonce(byte[] keySeed, ByteString rosterHash, int u) {
        return ByteString.copyFrom(Hkdf.derive(keySeed, rosterHash.toByteArray(), info("check-nonce", u), BYTES));
    }

    /** What hides ⟨r, x_u⟩ between u &lt; v. */
    static long checkMask(byte[] pairSeed, ByteString rosterHash, int u, int v) {
        return SumCheck.element(Hkdf.derive(pairSeed, rosterHash.toByteArray(), info("check-mask", u, v), 16));
    }

    static ByteString label(String purpose, int... indices) {
        return ByteString.copyFrom(info(purpose, indices));
    }

    /** {@code label || 0x00 || indices as 4 bytes each, big-endian}. */
    private static byte[] info(String purpose, int... indices) {
        byte[] label = (LABEL + purpose + "\0").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer info = ByteBuffer.allocate(label.length + 4 * indices.length).put(label);
        for (int index : indices) {
            info.putInt(index);
        }
        return info.array();
    }
}
