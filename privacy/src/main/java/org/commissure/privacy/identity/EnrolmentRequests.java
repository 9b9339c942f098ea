package org.commissure.privacy.identity;

import java.io.IOException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
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
        this.tlsRequestDer = request(site, tls.getPublic(), tls.getPrivate());
        this.signingRequestDer = request(site, signing.getPublic(), signing.getPrivate());
    }

    /** Generates a P-256 key for TLS and an Ed25519 key for signing. */
    public static EnrolmentRequests generate(String site) {
        CertificateName.requirePlain("the site's name", site);
        return new EnrolmentRequests(site, KeyKinds.newP256(), KeyKinds.newEd25519());
    }

    /** Generates both keys where {@code store} keeps its keys: in memory, or inside its token. */
    public static EnrolmentRequests generate(String name, IdentityStore store) {
        CertificateName.requirePlain("the name", name);
        return new EnrolmentRequests(name, store.newKey(Purpose.TLS), store.newKey(Purpose.SIGNING));
    }

    static EnrolmentRequests of(String name, KeyPair tls, KeyPair signing) {
        return new EnrolmentRequests(name, tls, signing);
    }

    KeyPair tls() {
        return tls;
    }

    KeyPair signing() {
        return signing;
    }

    /** What a person compares out of band: SHA-256 of the TLS request, then of the signing request, in hex. */
    public String fingerprint() {
        return RequestFile.fingerprint(tlsRequestDer, signingRequestDer);
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
        return TlsIdentity.of(tls.getPrivate(), certificate, authority);
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

    static byte[] request(String name, PublicKey key, PrivateKey secret) {
        try {
            return new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=" + name), key)
                    .build(new JcaContentSignerBuilder(SignedMessages.algorithm(secret.getAlgorithm())).build(secret))
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
