package org.commissure.privacy.identity;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.commissure.protocol.UserError;

/**
 * Decides whether a certificate is a member's of this federation. Every member's certificate is
 * issued by the authority directly; there are no intermediates. Thread-safe.
 */
public final class CertificateVerifier {
    /** How far a peer's clock may be off. */
    public static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private static final List<String> TLS_USAGES = List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");

    private final X509Certificate authority;
    private final String federation;
    private final Clock clock;

    /** Certificates whose issue was proven: a log asks for the same few again and again. */
    private final Set<X509Certificate> issuedHere = ConcurrentHashMap.newKeySet();

    /** @throws UserError if {@code authority} is not a federation's authority */
    public CertificateVerifier(X509Certificate authority, Clock clock) {
        this.authority = authority;
        this.clock = clock;
        try {
            this.federation = FederationAuthority.federationOf(authority);
        } catch (CertificateRefusedException e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy(), e);
        }
    }

    public X509Certificate authority() {
        return authority;
    }

    public String federationId() {
        return federation;
    }

    /**
     * Accepts {@code certificate} for use now.
     *
     * @throws CertificateRefusedException if it is another federation's, not valid now, of another
     *     role or for another purpose
     */
    public CertificateName verify(X509Certificate certificate, Role expectedRole, Purpose purpose)
            throws CertificateRefusedException {
        CertificateName name = verifyAt(certificate, purpose, clock.instant());
        if (name.role() != expectedRole) {
            throw new CertificateRefusedException(
                    "the certificate of " + name.uri() + " is a " + name.role().text() + "'s, but a "
                            + expectedRole.text() + "'s is needed here",
                    "use the " + expectedRole.text() + "'s certificate");
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
        requireIssuedHere(certificate);
        CertificateName name = CertificateName.of(certificate);
        if (!name.federation().equals(federation)) {
            throw new CertificateRefusedException(
                    "the certificate of " + name.uri() + " names another federation than '" + federation + "'",
                    "enrol at this federation");
        }
        requireValid(certificate, name, time);
        requirePurpose(certificate, name, purpose);
        return name;
    }

    private void requireIssuedHere(X509Certificate certificate) throws CertificateRefusedException {
        if (issuedHere.contains(certificate)) {
            return;
        }
        boolean ours = certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
        if (ours) {
            try {
                certificate.verify(authority.getPublicKey());
            } catch (GeneralSecurityException e) {
                ours = false;
            }
        }
        if (!ours) {
            throw new CertificateRefusedException(
                    "the certificate of "
                            + certificate.getSubjectX500Principal().getName()
                            + " was issued by another federation's authority ("
                            + certificate.getIssuerX500Principal().getName() + ") than that of '" + federation + "'",
                    "enrol at federation '" + federation + "' with an invitation from its coordinator");
        }
        if (certificate.getBasicConstraints() >= 0) {
            throw new CertificateRefusedException(
                    "the certificate of "
                            + certificate.getSubjectX500Principal().getName() + " is an authority's",
                    "use a member's certificate");
        }
        issuedHere.add(certificate);
    }

    private void requireValid(X509Certificate certificate, CertificateName name, Instant time)
            throws CertificateRefusedException {
        requireWithin(certificate, "the certificate of " + name.uri(), time);
        requireWithin(authority, "the authority of federation '" + federation + "'", time);
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
