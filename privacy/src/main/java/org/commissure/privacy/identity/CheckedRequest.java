package org.commissure.privacy.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * The key of a PKCS#10 request (RFC 2986) whose sender proved that it holds the private half. The
 * request's name and extensions are not looked at.
 */
record CheckedRequest(PublicKey key) {
    /** A request for one of our keys has some 250 bytes. */
    private static final int MAXIMUM_BYTES = 8 * 1024;

    static CheckedRequest of(byte[] der, Purpose purpose, String name) throws EnrolmentRefusedException {
        String which = "the " + (purpose == Purpose.TLS ? "TLS" : "signing") + " request of '" + name + "'";
        if (der.length == 0 || der.length > MAXIMUM_BYTES) {
            throw refused(which + " has " + der.length + " bytes; between 1 and " + MAXIMUM_BYTES + " are allowed");
        }
        JcaPKCS10CertificationRequest request;
        PublicKey key;
        try {
            request = new JcaPKCS10CertificationRequest(der);
            key = request.getPublicKey();
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw refused(which + " is not a PKCS#10 request with a usable key"); // Bouncy Castle throws unchecked too
        }
        if (!KeyKinds.fits(key, purpose)) {
            throw new EnrolmentRefusedException(
                    which + " has a key of another kind (" + key.getAlgorithm() + ")",
                    purpose == Purpose.TLS ? "TLS keys are P-256" : "signing keys are Ed25519 or P-256");
        }
        boolean possessed;
        try {
            possessed = request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
        } catch (OperatorCreationException | PKCSException | RuntimeException e) {
            possessed = false;
        }
        if (!possessed) {
            throw refused(which + " does not prove possession of its key: its signature does not fit");
        }
        return new CheckedRequest(key);
    }

    private static EnrolmentRefusedException refused(String what) {
        return new EnrolmentRefusedException(what, "run 'site enrol' again with a new invitation");
    }
}
