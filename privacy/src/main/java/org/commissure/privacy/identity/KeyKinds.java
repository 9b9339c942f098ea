package org.commissure.privacy.identity;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;

/**
 * The two kinds of keys in use: P-256 (TLS, the authority, and signing where an HSM lacks Ed25519)
 * and Ed25519 (signing; BoringSSL does not negotiate it for TLS).
 */
final class KeyKinds {
    private static final String P256 = "secp256r1";

    private KeyKinds() {}

    static KeyPair newP256() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(P256));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    static KeyPair newEd25519() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 15 has Ed25519", e);
        }
    }

    static boolean isP256(PublicKey key) {
        if (!(key instanceof ECPublicKey ec)) {
            return false;
        }
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(P256));
            ECParameterSpec p256 = parameters.getParameterSpec(ECParameterSpec.class);
            return ec.getParams().getCurve().equals(p256.getCurve())
                    && ec.getParams().getGenerator().equals(p256.getGenerator())
                    && ec.getParams().getOrder().equals(p256.getOrder());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    static boolean isEd25519(PublicKey key) {
        return key instanceof EdECPublicKey ed && ed.getParams().getName().equals("Ed25519");
    }

    static boolean fits(PublicKey key, Purpose purpose) {
        return switch (purpose) {
            case TLS -> isP256(key);
            case SIGNING -> isEd25519(key) || isP256(key);
        };
    }
}
