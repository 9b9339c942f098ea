package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Shares on their way through the coordinator: AES-256-GCM under a key that only both sites can
 * derive, bound to the roster, the sender and the receiver. A sealed envelope is
 * {@code nonce (12) || ciphertext (64) || tag (16)}.
 */
final class ShareEnvelopes {
    /** Key share and self-mask share, 32 bytes each. */
    static final int PLAIN_BYTES = 2 * Seeds.BYTES;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    static final int SEALED_BYTES = NONCE_BYTES + PLAIN_BYTES + TAG_BYTES;

    private ShareEnvelopes() {}

    /** @param agreed with {@code from} as the sender */
    static ByteString seal(
            byte[] shares, SumKey.Agreement agreed, ByteString rosterHash, int from, int to, SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, agreed, nonce, rosterHash, from, to)
                    .doFinal(shares);
            return ByteString.copyFrom(nonce).concat(ByteString.copyFrom(sealed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /** @throws GeneralSecurityException if it was not sealed for exactly this roster and way */
    static byte[] open(ByteString sealed, SumKey.Agreement agreed, ByteString rosterHash, int from, int to)
            throws GeneralSecurityException {
        byte[] nonce = sealed.substring(0, NONCE_BYTES).toByteArray();
        byte[] text = sealed.substring(NONCE_BYTES).toByteArray();
        return cipher(Cipher.DECRYPT_MODE, agreed, nonce, rosterHash, from, to).doFinal(text);
    }

    private static Cipher cipher(
            int mode, SumKey.Agreement agreed, byte[] nonce, ByteString rosterHash, int from, int to)
            throws GeneralSecurityException {
        byte[] key = Seeds.envelopeKey(agreed, rosterHash, from, to);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BYTES * 8, nonce));
        Arrays.fill(key, (byte) 0);
        cipher.updateAAD(ByteBuffer.allocate(rosterHash.size() + 8)
                .put(rosterHash.asReadOnlyByteBuffer())
                .putInt(from)
                .putInt(to)
                .flip());
        return cipher;
    }
}
