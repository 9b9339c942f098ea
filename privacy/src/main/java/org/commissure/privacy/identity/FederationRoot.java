package org.commissure.privacy.identity;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.commissure.protocol.UserError;

/**
 * The root of a federation, which every member pins. It signs issuing authorities and nothing else, so that its key
 * is needed once in years and lies offline the rest of the time. Created once; there is no way to replace it in
 * place, so that a restart can never mint a second root. Thread-safe.
 */
public final class FederationRoot {
    static final Duration ROOT_LIFE = Duration.ofDays(7300);
    /** Long enough that renewing it is a rare ceremony, and at least thrice a signing certificate's life. */
    static final Duration ISSUING_LIFE = Duration.ofDays(1095);

    private static final String URI_PREFIX = "commissure://";

    private final String federationId;
    private final PrivateKey key;
    private final X509Certificate certificate;
    private final Clock clock;

    private FederationRoot(String federationId, PrivateKey key, X509Certificate certificate, Clock clock) {
        this.federationId = federationId;
        this.key = key;
        this.certificate = certificate;
        this.clock = clock;
    }

    /**
     * Makes a new root and stores it in {@code dir}, the folder to take offline.
     *
     * @throws UserError if {@code dir} holds a root already, or cannot be written
     */
    public static FederationRoot create(Path dir, String federationId, Clock clock) {
        return create(dir, Passphrase.ofProcess(), federationId, clock);
    }

    /** As {@link #create(Path, String, Clock)}, locked with {@code passphrase}. */
    public static FederationRoot create(Path dir, Passphrase passphrase, String federationId, Clock clock) {
        CertificateName.requirePlain("the federation's id", federationId);
        IdentityStore store = new IdentityStore(dir, passphrase);
        if (store.hasAuthorityKey()) {
            throw new UserError(
                    dir + " holds a federation's root already",
                    "use another folder; members of the existing federation would not trust a new root");
        }
        KeyPair pair = KeyKinds.newP256();
        Instant from = FederationAuthority.from(clock);
        X509Certificate certificate = SubjectCertificates.root(federationId, pair, from, from.plus(ROOT_LIFE));
        store.saveAuthorityKey(pair.getPrivate(), List.of(certificate));
        return new FederationRoot(federationId, pair.getPrivate(), certificate, clock);
    }

    /** @throws UserError if {@code dir} holds no root, or one that cannot be read */
    public static FederationRoot open(Path dir, Passphrase passphrase, Clock clock) {
        KeyVault.KeyAndChain stored = new IdentityStore(dir, passphrase).loadAuthorityKey();
        X509Certificate certificate = stored.chain().getFirst();
        try {
            return new FederationRoot(federationOf(certificate), stored.key(), certificate, clock);
        } catch (CertificateRefusedException e) {
            throw new UserError(
                    dir + " holds no root: " + e.getMessage(), "name the folder that 'root create' or 'init' wrote", e);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public String federationId() {
        return federationId;
    }

    /**
     * Certifies an issuing authority.
     *
     * @param requestDer PKCS#10 for its P-256 key
     * @throws EnrolmentRefusedException if the request cannot be read or does not prove possession of its key
     */
    public X509Certificate signIssuing(byte[] requestDer) throws EnrolmentRefusedException {
        return signIssuing(
                CheckedRequest.of(requestDer, Purpose.TLS, "issuing authority").key());
    }

    X509Certificate signIssuing(PublicKey issuingKey) {
        Instant from = FederationAuthority.from(clock);
        return SubjectCertificates.issuing(certificate, key, federationId, issuingKey, from, from.plus(ISSUING_LIFE));
    }

    /** The federation that {@code root} is the root of. */
    static String federationOf(X509Certificate root) throws CertificateRefusedException {
        String id = SubjectNames.singleUri(root)
                .filter(uri -> uri.startsWith(URI_PREFIX))
                .map(uri -> uri.substring(URI_PREFIX.length()))
                .filter(CertificateName::isPlain)
                .orElse("");
        if (id.isEmpty() || root.getBasicConstraints() < 0 || !isSignedByItself(root)) {
            throw new CertificateRefusedException(
                    "the certificate of " + root.getSubjectX500Principal().getName()
                            + " is not a Commissure authority's",
                    "ask the federation's coordinator for the root certificate");
        }
        return id;
    }

    /** So that no byte of a stored root certificate changes unnoticed. */
    private static boolean isSignedByItself(X509Certificate root) {
        try {
            root.verify(root.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Whether {@code issuing} is an issuing authority's certificate that {@code root} signed. */
    static boolean isIssuedBy(X509Certificate root, X509Certificate issuing) {
        if (issuing.getBasicConstraints() != 0
                || !issuing.getIssuerX500Principal().equals(root.getSubjectX500Principal())) {
            return false;
        }
        try {
            issuing.verify(root.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static String uri(String federationId) {
        return URI_PREFIX + federationId;
    }
}
