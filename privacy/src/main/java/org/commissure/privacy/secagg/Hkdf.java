package org.commissure.privacy.secagg;

import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/** HKDF with SHA-256, RFC 5869. */
final class Hkdf {
    private Hkdf() {}

    static byte[] derive(byte[] keyMaterial, byte[] salt, byte[] info, int lengthBytes) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(keyMaterial)
                            .addSalt(salt)
                            .thenExpand(info, lengthBytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 25 has HKDF-SHA256", e);
        }
    }
}
