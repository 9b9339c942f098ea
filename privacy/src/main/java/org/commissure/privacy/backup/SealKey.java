package org.commissure.privacy.backup;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.commissure.protocol.UserError;

/**
 * The key of one sealed archive and its chunks: AES-256-GCM under a key that Argon2id (RFC 9106) makes of the passphrase
 * and a random salt. Chunk i has nonce i; the last one says so in its nonce, so that a cut or reordered archive does not
 * open (STREAM, Hoang et al. 2015). Not thread-safe.
 */
final class SealKey {
    static final byte[] MAGIC = "commissure sealed backup 1\n".getBytes(StandardCharsets.US_ASCII);
    static final int SALT_BYTES = 16;
    static final int CHUNK_BYTES = 1 << 20;
    static final int TAG_BYTES = 16;

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    /** RFC 9106, section 4, the second recommended option: 64 MiB, 3 passes. */
    private static final int MEMORY_KIB = 64 << 10;

    private static final int PASSES = 3;
    private static final int LANES = 4;
    private static final int LEAST_LENGTH = 12;

    private final SecretKeySpec key;
    private long chunk;

    /** @throws UserError if the passphrase is too short to protect keys */
    SealKey(char[] passphrase, byte[] salt) {
        if (passphrase.length < LEAST_LENGTH) {
            throw new UserError(
                    "the passphrase has " + passphrase.length + " characters",
                    "choose one of " + LEAST_LENGTH + " or more; whoever guesses it has the keys");
        }
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(MEMORY_KIB)
                .withIterations(PASSES)
                .withParallelism(LANES)
                .withSalt(salt)
                .build());
        byte[] bytes = new byte[KEY_BYTES];
        generator.generateBytes(passphrase, bytes);
        key = new SecretKeySpec(bytes, "AES");
        Arrays.fill(bytes, (byte) 0);
    }

    /** The next chunk. @throws GeneralSecurityException if it does not open */
    byte[] next(int mode, byte[] bytes, int length, boolean last) throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES)
                .put((byte) (last ? 1 : 0))
                .position(NONCE_BYTES - Long.BYTES)
                .putLong(chunk++)
                .array();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
        cipher.updateAAD(MAGIC);
        return cipher.doFinal(bytes, 0, length);
    }
}
