package org.commissure.privacy.identity;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.commissure.protocol.UserError;

/**
 * Decides whether a certificate is a member's of this federation: issued by an authority that the pinned root
 * certified (RFC 5280 path of three, the middle one travelling inside the member's certificate), valid, of the right
 * role and purpose, and not on the deny list. Thread-safe.
 */
public final class CertificateVerifier {
    /** How far a peer's clock may be off. */
    public static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private static final List<String> TLS_USAGES = List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");

    private final X509Certificate authority;
    private final String federation;
    private final Clock clock;

    /** Certificates whose issue was proven: a log asks for the same few again and again. */
    private final Map<X509Certificate, X509Certificate> issuers = new ConcurrentHashMap<>();

    private final Supplier<DenyList> denied;

    /** @throws UserError if {@code authority} is not a federation's root */
    public CertificateVerifier(X509Certificate authority, Clock clock) {
        this(authority, clock, () -> DenyList.EMPTY);
    }

    /**
     * @param denied asked at every judgement for the newest deny list
     * @throws UserError if {@code authority} is not a federation's root
     */
    public CertificateVerifier(X509Certificate authority, Clock clock, Supplier<DenyList> denied) {
        this.authority = authority;
        this.clock = clock;
        this.denied = denied;
        try {
            this.federation = FederationRoot.federationOf(authority);
        } catch (CertificateRefusedException e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy(), e);
        }
    }

    /** The pinned root. */
    public X509Certificate authority() {
        return authority;
    }

    public String federationId() {
        return federation;
    }

    /**
     * Accepts {@code certificate} for use now.
     *
     * @throws CertificateRefusedException if it is another federation's, not valid now, denied, of another
     *     role or for another purpose
     */
    public CertificateName verify(X509Certificate certificate, Role expectedRole, Purpose purpose)
            throws CertificateRefusedException {
        return verify(certificate, EnumSet.of(expectedRole), purpose);
    }

    /** As {@link #verify(X509Certificate, Role, Purpose)}, for any of several roles. */
    public CertificateName verify(X509Certificate certificate, Set<Role> expectedRoles, Purpose purpose)
            throws CertificateRefusedException {
        CertificateName name = verifyAt(certificate, purpose, clock.instant());
        if (!expectedRoles.contains(name.role())) {
            String wanted = expectedRoles.stream()
                    .sorted()
                    .map(role -> role.text() + "'s")
                    .collect(Collectors.joining(" or "));
            throw new CertificateRefusedException(
                    "the certificate of " + name.uri() + " is a " + name.role().text() + "'s, but a " + wanted
                            + " is needed here",
                    "use a certificate of that role");
        }
        return name;
    }

    /**
     * Accepts {@code certificate} as it stood at {@code time}, whatever its role: a statement of the
     * past is judged by the certificate that was valid then.
     *
     * @throws CertificateRefusedException as {@link #verify}, but for the role
     */
    public CertificateName verifyAt(X509Certificate certificate, Purpose purpose, Instant time)
            throws CertificateRefusedException {
        X509Certificate issuer = requireIssuedHere(certificate);
        CertificateName name = CertificateName.of(certificate);
        if (!name.federation().equals(federation)) {
            throw new CertificateRefusedException(
                    "the certificate of " + name.uri() + " names another federation than '" + federation + "'",
                    "enrol at this federation");
        }
        requireWithin(certificate, "the certificate of " + name.uri(), time);
        requireWithin(issuer, "the issuing authority of federation '" + federation + "'", time);
        requireWithin(authority, "the root of federation '" + federation + "'", time);
        requirePurpose(certificate, name, purpose);
        denied.get().require(certificate, name, time);
        return name;
    }

    private X509Certificate requireIssuedHere(X509Certificate certificate) throws CertificateRefusedException {
        X509Certificate known = issuers.get(certificate);
        if (known != null) {
            return known;
        }
        if (certificate.getBasicConstraints() >= 0) {
            throw new CertificateRefusedException(
                    "the certificate of "
                            + certificate.getSubjectX500Principal().getName() + " is an authority's",
                    "use a member's certificate");
        }
        Optional<X509Certificate> issuer = SubjectCertificates.issuerIn(certificate)
                .filter(issuing -> FederationRoot.isIssuedBy(authority, issuing))
                .filter(issuing -> isSignedBy(issuing, certificate));
        if (issuer.isEmpty()) {
            throw new CertificateRefusedException(
                    "the certificate of "
                            + certificate.getSubjectX500Principal().getName()
                            + " was issued by another federation's authority ("
                            + certificate.getIssuerX500Principal().getName() + ") than that of '" + federation + "'",
                    "enrol at federation '" + federation + "' with an invitation from its coordinator");
        }
        issuers.put(certificate, issuer.get());
        return issuer.get();
    }

    private static boolean isSignedBy(X509Certificate issuing, X509Certificate certificate) {
        if (!certificate.getIssuerX500Principal().equals(issuing.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuing.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static void requireWithin(X509Certificate certificate, String whose, Instant time)
            throws CertificateRefusedException {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (time.isAfter(until.plus(CLOCK_SKEW))) {
            throw new CertificateRefusedException(
                    whose + " expired on " + until + " (judged at " + time + ")",
                    "renew it: ask the coordinator for a new invitation and enrol again");
        }
        if (time.isBefore(from.minus(CLOCK_SKEW))) {
            throw new CertificateRefusedException(
                    whose + " is not valid before " + from + " (judged at " + time + ")",
                    "set the clocks of both machines; they differ");
        }
    }

    private static void requirePurpose(X509Certificate certificate, CertificateName name, Purpose purpose)
            throws CertificateRefusedException {
        List<String> usages;
        try {
            List<String> stated = certificate.getExtendedKeyUsage();
            usages = stated == null ? List.of() : stated;
        } catch (CertificateParsingException e) {
            usages = List.of();
        }
        boolean fits = switch (purpose) {
            case TLS -> usages.equals(TLS_USAGES);
            case SIGNING -> usages.equals(List.of(SubjectCertificates.SIGNING_USAGE));
        };
        if (!fits || !KeyKinds.fits(certificate.getPublicKey(), purpose)) {
            String wanted = purpose == Purpose.TLS ? "TLS" : "signing";
            throw new CertificateRefusedException(
                    "the certificate of " + name.uri() + " is not a " + wanted + " certificate",
                    "use the " + wanted + " certificate beside it");
        }
    }
}
