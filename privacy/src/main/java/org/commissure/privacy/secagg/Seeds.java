package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Every key and mask seed of a sum, derived from the two secrets of a site: its key seed k_u and its
 * self-mask seed b_u. Each derivation has a label of its own, and all but the first are bound to the
 * roster, and through it to the configuration with its model, round and attempt.
 */
final class Seeds {
    /** Length of both secrets, and of everything derived here. */
    static final int BYTES = 32;

    private static final String LABEL = "commissure/v1/secagg/";

    private Seeds() {}

    /** The X25519 private key that belongs to k_u in this attempt. */
    static byte[] privateKey(byte[] keySeed, ByteString configHash) {
        return derive(keySeed, configHash, "x25519");
    }

    /** s_uv, the same whichever of both sites derives it. */
    static byte[] pairMask(byte[] agreed, ByteString rosterHash, int u, int v) {
        return derive(agreed, rosterHash, "pair-mask", Math.min(u, v), Math.max(u, v));
    }

    static byte[] selfMask(byte[] selfSeed, ByteString rosterHash, int u) {
        return derive(selfSeed, rosterHash, "self-mask", u);
    }

    /** The AES-256-GCM key for the one envelope from one site to another. */
    static byte[] envelopeKey(byte[] agreed, ByteString rosterHash, int from, int to) {
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

    private static byte[] derive(byte[] secret, ByteString salt, String purpose, int... indices) {
        return Hkdf.derive(secret, salt.toByteArray(), info(purpose, indices), BYTES);
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
