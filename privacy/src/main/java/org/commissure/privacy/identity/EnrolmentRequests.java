package org.commissure.privacy.identity;

import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.commissure.protocol.UserError;

/**
 * A site's two new keys and the PKCS#10 requests for them. The keys are born here and never leave
 * the site; only {@link #tlsRequestDer} and {@link #signingRequestDer} travel. Never prints keys.
 */
public final class EnrolmentRequests {
    private final String site;
    private final KeyPair tls;
    private final KeyPair signing;
    private final byte[] tlsRequestDer;
    private final byte[] signingRequestDer;

    private EnrolmentRequests(String site, KeyPair tls, KeyPair signing) {
        this.site = site;
        this.tls = tls;
        this.signing = signing;
        this.tlsRequestDer = request(site, tls, "SHA256withECDSA");
        this.signingRequestDer = request(site, signing, "Ed25519");
    }

    /** Generates a P-256 key for TLS and an Ed25519 key for signing. */
    public static EnrolmentRequests generate(String site) {
        CertificateName.requirePlain("the site's name", site);
        return new EnrolmentRequests(site, KeyKinds.newP256(), KeyKinds.newEd25519());
    }

    public byte[] tlsRequestDer() {
        return tlsRequestDer.clone();
    }

    public byte[] signingRequestDer() {
        return signingRequestDer.clone();
    }

    /** @throws UserError if {@code certificate} is not for the key that was requested */
    public TlsIdentity tlsIdentity(X509Certificate certificate, X509Certificate authority) {
        requireKey("TLS", tls, certificate);
        return new TlsIdentity(tls.getPrivate(), List.of(certificate, authority));
    }

    /** @throws UserError if {@code certificate} is not for the key that was requested */
    public SigningIdentity signingIdentity(X509Certificate certificate) {
        requireKey("signing", signing, certificate);
        return new SigningIdentity(site, signing.getPrivate(), certificate);
    }

    private static void requireKey(String which, KeyPair pair, X509Certificate certificate) {
        if (!Arrays.equals(
                pair.getPublic().getEncoded(), certificate.getPublicKey().getEncoded())) {
            throw new UserError(
                    "the " + which + " certificate that the coordinator returned is for another key",
                    "ask the coordinator for a new invitation and enrol again");
        }
    }

    private static byte[] request(String site, KeyPair pair, String algorithm) {
        try {
            return new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=" + site), pair.getPublic())
                    .build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("a new key cannot sign its request", e);
        }
    }

    @Override
    public String toString() {
        return "EnrolmentRequests[" + site + "]";
    }
}
