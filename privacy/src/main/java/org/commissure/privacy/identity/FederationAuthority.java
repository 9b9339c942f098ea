package org.commissure.privacy.identity;

import java.nio.file.Path;
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
 * The issuing authority of a federation: it names the members by issuing their certificates. The offline root has
 * certified it; its own key is P-256, because every TLS stack accepts it in a chain. Thread-safe.
 */
public final class FederationAuthority {
    private static final Duration TLS_LIFE = Duration.ofDays(30);
    private static final Duration SIGNING_LIFE = Duration.ofDays(397);

    /** Folder of a key whose certificate the root has yet to sign. */
    private static final String WAITING = "waiting";

    private final String federationId;
    private final PrivateKey key;
    private final X509Certificate issuing;
    private final X509Certificate root;
    private final Clock clock;
    private final Duration tlsLife;

    private FederationAuthority(
            PrivateKey key, X509Certificate issuing, X509Certificate root, Clock clock, Duration tlsLife)
            throws CertificateRefusedException {
        this.federationId = FederationRoot.federationOf(root);
        this.key = key;
        this.issuing = issuing;
        this.root = root;
        this.clock = clock;
        this.tlsLife = tlsLife;
    }

    /**
     * Makes a federation in one step: a root in {@code dir/root}, and in {@code dir} the issuing authority under it.
     *
     * @throws UserError if {@code dir} holds an authority already, or cannot be written
     */
    public static FederationAuthority create(Path dir, String federationId, Clock clock) {
        requireNone(dir);
        return create(dir, FederationRoot.create(dir.resolve("root"), federationId, clock), clock);
    }

    /**
     * Makes an issuing authority under {@code root} and stores it in {@code dir}.
     *
     * @throws UserError if {@code dir} holds an authority already, or cannot be written
     */
    public static FederationAuthority create(Path dir, FederationRoot root, Clock clock) {
        requireNone(dir);
        KeyPair pair = KeyKinds.newP256();
        return install(dir, pair.getPrivate(), root.signIssuing(pair.getPublic()), root.certificate(), clock);
    }

    private static void requireNone(Path dir) {
        if (new IdentityStore(dir).hasAuthorityKey()) {
            throw new UserError(
                    dir + " holds a federation's authority already",
                    "use another folder; members of the existing federation would not trust a new authority");
        }
    }

    /**
     * Makes the key of an issuing authority, to be certified by a root on another machine, and keeps it in {@code
     * dir} until {@link #install}. A key that waits there already is used again.
     *
     * @return PKCS#10, DER
     */
    public static byte[] request(Path dir, Clock clock) {
        IdentityStore waiting = new IdentityStore(dir.resolve(WAITING));
        if (!waiting.hasAuthorityKey()) {
            KeyPair pair = KeyKinds.newP256();
            Instant from = from(clock);
            // A key store wants a certificate beside a key; this one is its own and nobody accepts it.
            waiting.saveAuthorityKey(
                    pair.getPrivate(),
                    List.of(SubjectCertificates.placeholder("waiting", pair, from, from.plus(TLS_LIFE))));
        }
        KeyVault.KeyAndChain key = waiting.loadAuthorityKey();
        return EnrolmentRequests.request(
                "issuing authority", key.chain().getFirst().getPublicKey(), key.key());
    }

    /**
     * Completes what {@link #request} began, or renews the authority in {@code dir}: members' certificates are issued
     * under {@code issuing} from now on, and those issued before stay valid to their end.
     *
     * @throws UserError if {@code issuing} is for another key, or not under {@code root}, or {@code dir} holds an
     *     authority under another root
     */
    public static FederationAuthority install(Path dir, X509Certificate issuing, X509Certificate root, Clock clock) {
        IdentityStore store = new IdentityStore(dir);
        if (store.hasAuthorityKey()
                && !store.loadAuthorityKey().chain().getLast().equals(root)) {
            throw new UserError(
                    dir + " belongs to a federation with another root",
                    "have the request signed by the root of this federation");
        }
        KeyVault.KeyAndChain waiting = new IdentityStore(dir.resolve(WAITING)).loadAuthorityKey();
        if (!waiting.chain().getFirst().getPublicKey().equals(issuing.getPublicKey())) {
            throw new UserError(
                    "the issuing authority's certificate is for another key than the one that waits in " + dir,
                    "sign the newest request of this coordinator");
        }
        return install(dir, waiting.key(), issuing, root, clock);
    }

    private static FederationAuthority install(
            Path dir, PrivateKey key, X509Certificate issuing, X509Certificate root, Clock clock) {
        if (!FederationRoot.isIssuedBy(root, issuing)) {
            throw new UserError(
                    "the certificate of " + issuing.getSubjectX500Principal().getName()
                            + " is not an issuing authority's under this root",
                    "have the request signed by the root of this federation ('coordinator root sign')");
        }
        new IdentityStore(dir).saveAuthorityKey(key, List.of(issuing, root));
        return open(dir, clock);
    }

    /** @throws UserError if {@code dir} holds no issuing authority, or one that cannot be read */
    public static FederationAuthority open(Path dir, Clock clock) {
        return open(dir, clock, TLS_LIFE);
    }

    /** As {@link #open(Path, Clock)}, with another life of TLS certificates. */
    public static FederationAuthority open(Path dir, Clock clock, Duration tlsLife) {
        KeyVault.KeyAndChain stored = new IdentityStore(dir).loadAuthorityKey();
        if (stored.chain().size() < 2) {
            throw new UserError(
                    dir + " holds a federation whose root signs its members itself, so that its key cannot go offline;"
                            + " this version does not serve it",
                    "make a new federation in another folder ('coordinator init') and invite the sites again: 'site"
                            + " enrol --again' keeps a site's ledger and split; keep this folder for its log and runs");
        }
        try {
            return new FederationAuthority(
                    stored.key(), stored.chain().getFirst(), stored.chain().getLast(), clock, tlsLife);
        } catch (CertificateRefusedException e) {
            throw new UserError(dir + ": " + e.getMessage(), "restore the folder from its backup", e);
        }
    }

    /** The root's certificate, which members pin. */
    public X509Certificate certificate() {
        return root;
    }

    /** This authority's own certificate. */
    public X509Certificate issuing() {
        return issuing;
    }

    public String federationId() {
        return federationId;
    }

    /**
     * Grants a member its two certificates. The caller has checked who asks: whatever name the requests carry is
     * ignored.
     *
     * @param tlsRequestDer PKCS#10 for a P-256 key
     * @param signingRequestDer PKCS#10 for an Ed25519 or P-256 key, another one than for TLS
     * @throws EnrolmentRefusedException if a request cannot be read, has the wrong kind of key, or
     *     does not prove possession of it
     */
    public EnrolledCertificates enrol(Role role, String member, byte[] tlsRequestDer, byte[] signingRequestDer)
            throws EnrolmentRefusedException {
        CertificateName name = new CertificateName(federationId, role, member);
        CheckedRequest tls = CheckedRequest.of(tlsRequestDer, Purpose.TLS, member);
        CheckedRequest signing = CheckedRequest.of(signingRequestDer, Purpose.SIGNING, member);
        if (Arrays.equals(tls.key().getEncoded(), signing.key().getEncoded())) {
            throw new EnrolmentRefusedException(
                    "'" + member + "' requests both certificates for one key",
                    "generate one key for TLS and another for signing");
        }
        Instant from = from(clock);
        return new EnrolledCertificates(
                issue(name, Purpose.TLS, tls.key(), List.of(), from, tlsEnd()),
                issue(name, Purpose.SIGNING, signing.key(), List.of(), from, from.plus(SIGNING_LIFE)));
    }

    /** As {@link #enrol(Role, String, byte[], byte[])}, for a site. */
    public EnrolledCertificates enrol(String site, byte[] tlsRequestDer, byte[] signingRequestDer)
            throws EnrolmentRefusedException {
        return enrol(Role.SITE, site, tlsRequestDer, signingRequestDer);
    }

    /**
     * A new certificate for a member that showed its present one.
     *
     * @throws EnrolmentRefusedException as {@link #enrol}
     */
    public X509Certificate renew(Role role, String member, Purpose purpose, byte[] requestDer)
            throws EnrolmentRefusedException {
        CheckedRequest request = CheckedRequest.of(requestDer, purpose, member);
        Instant from = from(clock);
        return issue(
                new CertificateName(federationId, role, member),
                purpose,
                request.key(),
                List.of(),
                from,
                purpose == Purpose.TLS ? tlsEnd() : from.plus(SIGNING_LIFE));
    }

    /**
     * Makes a key and a TLS certificate for the authority's own side: the coordinator or an operator.
     *
     * @param dnsNamesOrIps how a server is reached; empty for a client
     */
    public TlsIdentity issueTls(Role role, String name, List<String> dnsNamesOrIps) {
        return issueTls(role, name, dnsNamesOrIps, from(clock), tlsEnd());
    }

    /** As {@link #issueTls(Role, String, List)}, valid from {@code from} until {@code until}. */
    public TlsIdentity issueTls(Role role, String name, List<String> dnsNamesOrIps, Instant from, Instant until) {
        KeyPair pair = KeyKinds.newP256();
        CertificateName subject = new CertificateName(federationId, role, name);
        X509Certificate leaf = issue(subject, Purpose.TLS, pair.getPublic(), dnsNamesOrIps, from, until);
        return new TlsIdentity(pair.getPrivate(), List.of(leaf, issuing, root));
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

    private X509Certificate issue(
            CertificateName name,
            Purpose purpose,
            PublicKey subjectKey,
            List<String> hosts,
            Instant from,
            Instant until) {
        return SubjectCertificates.subject(issuing, key, name, purpose, subjectKey, hosts, from, until);
    }

    private Instant tlsEnd() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(tlsLife);
    }

    /** Certificates begin a little early, so that a peer whose clock is slow accepts them. */
    static Instant from(Clock clock) {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).minus(CertificateVerifier.CLOCK_SKEW);
    }
}
