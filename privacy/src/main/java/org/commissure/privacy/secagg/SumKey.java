package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.security.InvalidKeyException;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** The X25519 key pair of one site in one attempt (RFC 7748). {@link #close} wipes the private key. */
final class SumKey implements AutoCloseable {
    static final int BYTES = 32;

    private final byte[] privateKey;
    private final ByteString publicKey;

    SumKey(byte[] privateKey) {
        this.privateKey = privateKey;
        byte[] point = new byte[BYTES];
        X25519.generatePublicKey(privateKey, 0, point, 0);
        this.publicKey = ByteString.copyFrom(point);
    }

    static SumKey ofSeed(byte[] keySeed, ByteString configHash) {
        return new SumKey(Seeds.privateKey(keySeed, configHash));
    }

    ByteString publicKey() {
        return publicKey;
    }

    /**
     * The shared secret of both keys; the caller wipes it.
     *
     * @throws InvalidKeyException if the peer's key is a low-order point (RFC 7748, section 6.1): all
     *     secrets agreed with it are zero and known to everybody
     */
    byte[] agree(ByteString peer) throws InvalidKeyException {
        byte[] secret = new byte[BYTES];
        if (peer.size() != BYTES || !X25519.calculateAgreement(privateKey, 0, peer.toByteArray(), 0, secret, 0)) {
            throw new InvalidKeyException("a low-order point instead of an X25519 key");
        }
        return secret;
    }

    /** Whether every agreement with this key gives zero; that does not depend on the other key. */
    static boolean isLowOrder(ByteString publicKey) {
        byte[] anyScalar = new byte[BYTES];
        return !X25519.calculateAgreement(anyScalar, 0, publicKey.toByteArray(), 0, new byte[BYTES], 0);
    }

    @Override
    public void close() {
        Arrays.fill(privateKey, (byte) 0);
    }
}
