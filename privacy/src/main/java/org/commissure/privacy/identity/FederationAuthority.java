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
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import org.commissure.protocol.UserError;

/**
 * The one authority of a federation: it names the members by issuing their certificates. Its key
 * is P-256, because every TLS stack accepts it in a chain. Created once; there is no way to replace
 * it in place, so that a restart can never mint a second root. Thread-safe.
 */
public final class FederationAuthority {
    static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    static final Duration TLS_LIFE = Duration.ofDays(30);
    static final Duration SIGNING_LIFE = Duration.ofDays(397);

    private static final String URI_PREFIX = "commissure://";

    private final String federationId;
    private final PrivateKey key;
    private final X509Certificate certificate;
    private final Clock clock;

    private FederationAuthority(String federationId, PrivateKey key, X509Certificate certificate, Clock clock) {
        this.federationId = federationId;
        this.key = key;
        this.certificate = certificate;
        this.clock = clock;
    }

    /**
     * Makes a new authority and stores it in {@code dir}.
     *
     * @throws UserError if {@code dir} holds an authority already, or cannot be written
     */
    public static FederationAuthority create(Path dir, String federationId, Clock clock) {
        CertificateName.requirePlain("the federation's id", federationId);
        IdentityStore store = new IdentityStore(dir);
        if (store.hasAuthorityKey()) {
            throw new UserError(
                    dir + " holds a federation's authority already",
                    "use another folder; members of the existing federation would not trust a new authority");
        }
        KeyPair pair = KeyKinds.newP256();
        Instant from = from(clock);
        X509Certificate certificate =
                SubjectCertificates.authority(federationId, pair, from, from.plus(AUTHORITY_LIFE));
        store.saveAuthorityKey(pair.getPrivate(), certificate);
        return new FederationAuthority(federationId, pair.getPrivate(), certificate, clock);
    }

    /** @throws UserError if {@code dir} holds no authority, or one that cannot be read */
    public static FederationAuthority open(Path dir, Clock clock) {
        IdentityStore.KeyAndChain stored = new IdentityStore(dir).loadAuthorityKey();
        X509Certificate certificate = stored.chain().getFirst();
        try {
            return new FederationAuthority(federationOf(certificate), stored.key(), certificate, clock);
        } catch (CertificateRefusedException e) {
            throw new UserError(dir + ": " + e.getMessage(), "restore the folder from its backup", e);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public String federationId() {
        return federationId;
    }

    /**
     * Grants a site its two certificates. The caller has checked the site's token, and {@code site}
     * is the name that the token is bound to: whatever name the requests carry is ignored.
     *
     * @param tlsRequestDer PKCS#10 for a P-256 key
     * @param signingRequestDer PKCS#10 for an Ed25519 or P-256 key, another one than for TLS
     * @throws EnrolmentRefusedException if a request cannot be read, has the wrong kind of key, or
     *     does not prove possession of it
     */
    public EnrolledCertificates enrol(String site, byte[] tlsRequestDer, byte[] signingRequestDer)
            throws EnrolmentRefusedException {
        CertificateName name = new CertificateName(federationId, Role.SITE, site);
        CheckedRequest tls = CheckedRequest.of(tlsRequestDer, Purpose.TLS, site);
        CheckedRequest signing = CheckedRequest.of(signingRequestDer, Purpose.SIGNING, site);
        if (Arrays.equals(tls.key().getEncoded(), signing.key().getEncoded())) {
            throw new EnrolmentRefusedException(
                    "site '" + site + "' requests both certificates for one key",
                    "generate one key for TLS and another for signing");
        }
        Instant from = from(clock);
        return new EnrolledCertificates(
                issue(name, Purpose.TLS, tls.key(), List.of(), from, from.plus(TLS_LIFE)),
                issue(name, Purpose.SIGNING, signing.key(), List.of(), from, from.plus(SIGNING_LIFE)));
    }

    /**
     * Makes a key and a TLS certificate for the authority's own side: the coordinator or an operator.
     *
     * @param dnsNamesOrIps how a server is reached; empty for a client
     */
    public TlsIdentity issueTls(Role role, String name, List<String> dnsNamesOrIps) {
        Instant from = from(clock);
        return issueTls(role, name, dnsNamesOrIps, from, from.plus(TLS_LIFE));
    }

    /** As {@link #issueTls(Role, String, List)}, valid from {@code from} until {@code until}. */
    public TlsIdentity issueTls(Role role, String name, List<String> dnsNamesOrIps, Instant from, Instant until) {
        KeyPair pair = KeyKinds.newP256();
        CertificateName subject = new CertificateName(federationId, role, name);
        X509Certificate leaf = issue(subject, Purpose.TLS, pair.getPublic(), dnsNamesOrIps, from, until);
        return new TlsIdentity(pair.getPrivate(), List.of(leaf, certificate));
    }

    /** Makes an Ed25519 key and a signing certificate for the authority's own side. */
    public SigningIdentity issueSigning(Role role, String name) {
        Instant from = from(clock);
        return issueSigning(role, name, from, from.plus(SIGNING_LIFE));
    }

    /** As {@link #issueSigning(Role, String)}, valid from {@code from} until {@code until}. */
    public SigningIdentity issueSigning(Role role, String name, Instant from, Instant until) {
        KeyPair pair = KeyKinds.newEd25519();
        CertificateName subject = new CertificateName(federationId, role, name);
        X509Certificate leaf = issue(subject, Purpose.SIGNING, pair.getPublic(), List.of(), from, until);
        return new SigningIdentity(name, pair.getPrivate(), leaf);
    }

    /** The federation that {@code authority} is the authority of. */
    static String federationOf(X509Certificate authority) throws CertificateRefusedException {
        String id = SubjectNames.singleUri(authority)
                .filter(uri -> uri.startsWith(URI_PREFIX))
                .map(uri -> uri.substring(URI_PREFIX.length()))
                .filter(CertificateName::isPlain)
                .orElse("");
        if (id.isEmpty() || authority.getBasicConstraints() < 0 || !isSignedByItself(authority)) {
            throw new CertificateRefusedException(
                    "the certificate of " + authority.getSubjectX500Principal().getName()
                            + " is not a Commissure authority's",
                    "ask the federation's coordinator for the authority certificate");
        }
        return id;
    }

    /** So that no byte of a stored authority certificate changes unnoticed. */
    private static boolean isSignedByItself(X509Certificate authority) {
        try {
            authority.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static String uri(String federationId) {
        return URI_PREFIX + federationId;
    }

    private X509Certificate issue(
            CertificateName name,
            Purpose purpose,
            PublicKey subjectKey,
            List<String> hosts,
            Instant from,
            Instant until) {
        return SubjectCertificates.subject(certificate, key, name, purpose, subjectKey, hosts, from, until);
    }

    /** Certificates begin a little early, so that a peer whose clock is slow accepts them. */
    private static Instant from(Clock clock) {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).minus(CertificateVerifier.CLOCK_SKEW);
    }
}
