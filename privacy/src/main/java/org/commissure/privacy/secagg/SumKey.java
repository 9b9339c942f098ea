package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.security.InvalidKeyException;
import java.util.Arrays;

/**
 * The hybrid key of one site in one attempt: X25519 beside ML-KEM-768, so that a secret stays one
 * while either of them holds. All of it, the coins of encapsulation included, follows from the key
 * seed k_u: whoever recovers k_u recovers every secret of the site with its peers, and can compare
 * what the site published. {@link #close} wipes the private keys.
 */
final class SumKey implements AutoCloseable {
    private final byte[] keySeed;
    private final ByteString configHash;
    private final X25519Key x25519;
    private final MlKemKey mlKem;

    /**
     * What a site advertises.
     *
     * @param x25519 32 bytes
     * @param mlKem768 encapsulation key, 1184 bytes
     */
    record PublicKeys(ByteString x25519, ByteString mlKem768) {
        /** @throws InvalidKeyException with what is wrong with them, as a symptom */
        void check() throws InvalidKeyException {
            X25519Key.check(x25519);
            MlKemKey.check(mlKem768);
        }
    }

    /**
     * The secret of one direction: the sender encapsulates to the receiver.
     *
     * @param secret {@code kem ‖ dh}, 64 bytes; wiped by {@link #close}
     * @param ciphertext what the sender sends
     */
    record Agreement(byte[] secret, ByteString ciphertext) implements AutoCloseable {
        @Override
        public void close() {
            Arrays.fill(secret, (byte) 0);
        }
    }

    SumKey(byte[] keySeed, ByteString configHash) {
        this.keySeed = keySeed.clone();
        this.configHash = configHash;
        this.x25519 = new X25519Key(Seeds.x25519(keySeed, configHash));
        byte[] seed = Seeds.mlKem(keySeed, configHash);
        this.mlKem = new MlKemKey(seed);
        Arrays.fill(seed, (byte) 0);
    }

    PublicKeys publicKeys() {
        return new PublicKeys(x25519.publicKey(), mlKem.publicKey());
    }

    /** As the sender; the same again whenever it is asked for, for coins follow from k_u. */
    Agreement send(int to, PublicKeys receiver) throws InvalidKeyException {
        byte[] coins = Seeds.coins(keySeed, configHash, to);
        MlKemKey.Encapsulated made = MlKemKey.encapsulate(receiver.mlKem768(), coins);
        Arrays.fill(coins, (byte) 0);
        return agreement(made.secret(), receiver, made.ciphertext());
    }

    /** As the receiver. */
    Agreement receive(PublicKeys sender, ByteString ciphertext) throws InvalidKeyException {
        return agreement(mlKem.decapsulate(ciphertext), sender, ciphertext);
    }

    private Agreement agreement(byte[] kem, PublicKeys peer, ByteString ciphertext) throws InvalidKeyException {
        byte[] dh = x25519.agree(peer.x25519());
        byte[] both = Arrays.copyOf(kem, kem.length + dh.length);
        System.arraycopy(dh, 0, both, kem.length, dh.length);
        Arrays.fill(kem, (byte) 0);
        Arrays.fill(dh, (byte) 0);
        return new Agreement(both, ciphertext);
    }

    @Override
    public void close() {
        Arrays.fill(keySeed, (byte) 0);
        x25519.close();
        mlKem.close();
    }
}
