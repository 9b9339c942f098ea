package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.security.InvalidKeyException;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** An X25519 key pair (RFC 7748). {@link #close} wipes the private key. */
final class X25519Key implements AutoCloseable {
    static final int BYTES = 32;

    private final byte[] privateKey;
    private final ByteString publicKey;

    /** @param privateKey 32 bytes, kept and wiped here */
    X25519Key(byte[] privateKey) {
        this.privateKey = privateKey;
        byte[] point = new byte[BYTES];
        X25519.generatePublicKey(privateKey, 0, point, 0);
        this.publicKey = ByteString.copyFrom(point);
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
            throw new InvalidKeyException("its X25519 key is a low-order point");
        }
        return secret;
    }

    /**
     * Refuses keys that nothing can be agreed with.
     *
     * @throws InvalidKeyException if the length is wrong, or every agreement with this key gives zero,
     *     which does not depend on the other key
     */
    static void check(ByteString publicKey) throws InvalidKeyException {
        if (publicKey.size() != BYTES) {
            throw new InvalidKeyException("its X25519 key does not have 32 bytes");
        }
        byte[] anyScalar = new byte[BYTES];
        if (!X25519.calculateAgreement(anyScalar, 0, publicKey.toByteArray(), 0, new byte[BYTES], 0)) {
            throw new InvalidKeyException("its X25519 key is a low-order point");
        }
    }

    @Override
    public void close() {
        Arrays.fill(privateKey, (byte) 0);
    }
}
