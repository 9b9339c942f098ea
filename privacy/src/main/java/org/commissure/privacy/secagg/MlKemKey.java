package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.security.InvalidKeyException;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;

/**
 * An ML-KEM-768 key pair (FIPS 203), expanded from its seed. Encapsulation takes its coins from the
 * caller, so that whoever recovers a site's key seed can repeat it.
 */
final class MlKemKey implements AutoCloseable {
    /** d ‖ z, FIPS 203 algorithm 16. */
    static final int SEED_BYTES = 64;

    static final int COINS_BYTES = 32;
    static final int PUBLIC_BYTES = 1_184;
    static final int CIPHERTEXT_BYTES = 1_088;
    static final int SECRET_BYTES = 32;

    private final MLKEMPrivateKeyParameters privateKey;

    /**
     * A shared secret and how the other side gets it.
     *
     * @param secret 32 bytes; whoever takes it wipes it
     */
    record Encapsulated(byte[] secret, ByteString ciphertext) {}

    MlKemKey(byte[] seed) {
        privateKey = new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, seed);
    }

    ByteString publicKey() {
        return ByteString.copyFrom(privateKey.getPublicKey());
    }

    /**
     * The secret behind a ciphertext. A forged one of the right length gives a secret that nobody
     * knows, not an error (implicit rejection, FIPS 203 algorithm 18).
     *
     * @throws InvalidKeyException if the length is wrong
     */
    byte[] decapsulate(ByteString ciphertext) throws InvalidKeyException {
        if (ciphertext.size() != CIPHERTEXT_BYTES) {
            throw new InvalidKeyException("its ML-KEM-768 ciphertext does not have 1088 bytes");
        }
        return new MLKEMExtractor(privateKey).extractSecret(ciphertext.toByteArray());
    }

    /**
     * @param coins 32 bytes, for this one encapsulation only
     * @throws InvalidKeyException as {@link #check}
     */
    static Encapsulated encapsulate(ByteString publicKey, byte[] coins) throws InvalidKeyException {
        SecretWithEncapsulation made = MLKEMGenerator.internalGenerateEncapsulated(decode(publicKey), coins);
        return new Encapsulated(made.getSecret(), ByteString.copyFrom(made.getEncapsulation()));
    }

    /** @throws InvalidKeyException if the length or a coefficient is wrong (FIPS 203, section 7.2) */
    static void check(ByteString publicKey) throws InvalidKeyException {
        decode(publicKey);
    }

    private static MLKEMPublicKeyParameters decode(ByteString publicKey) throws InvalidKeyException {
        if (publicKey.size() != PUBLIC_BYTES) {
            throw new InvalidKeyException("its ML-KEM-768 key does not have 1184 bytes");
        }
        try {
            return new MLKEMPublicKeyParameters(MLKEMParameters.ml_kem_768, publicKey.toByteArray());
        } catch (IllegalArgumentException e) {
            throw new InvalidKeyException("its ML-KEM-768 key has a coefficient beyond the modulus", e);
        }
    }

    @Override
    public void close() {
        privateKey.destroy();
    }
}
