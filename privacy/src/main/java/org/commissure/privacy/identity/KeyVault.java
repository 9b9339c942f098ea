package org.commissure.privacy.identity;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** Where an identity's private keys live, by name. Failures are {@link org.commissure.protocol.UserError}s. */
sealed interface KeyVault permits Pkcs12Files, Pkcs11Token {

    /** What is stored under one name, the key's own certificate first. */
    record KeyAndChain(PrivateKey key, List<X509Certificate> chain) {
        public KeyAndChain {
            chain = List.copyOf(chain);
        }

        @Override
        public String toString() {
            return "KeyAndChain[" + chain.getFirst().getSubjectX500Principal().getName() + "]";
        }
    }

    /** A key that is not stored under a name yet. */
    KeyPair newKey(Purpose purpose);

    boolean has(String name);

    /** Replaces what is there under {@code name}, as a whole or not at all. */
    void save(String name, PrivateKey key, List<X509Certificate> chain);

    KeyAndChain load(String name);

    void delete(String name);
}
