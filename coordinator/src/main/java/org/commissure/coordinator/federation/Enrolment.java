package org.commissure.coordinator.federation;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.Supplier;
import org.commissure.coordinator.round.LogPublisher;
import org.commissure.coordinator.storage.SiteRegistry;
import org.commissure.coordinator.storage.TokenRefusedException;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.EnrolledCertificates;
import org.commissure.privacy.identity.EnrolmentRefusedException;
import org.commissure.privacy.identity.EnrolmentToken;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.protocol.ProtocolVersion;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.EnrolRequest;
import org.commissure.protocol.v1.EnrolResponse;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;

/**
 * A one-time token and two certificate requests in, two certificates out. The site's name is the one
 * the token was issued for; names inside the requests are ignored. Thread-safe.
 */
final class Enrolment {
    private final Supplier<FederationAuthority> authorities;
    private final ByteString coordinatorCertificate;
    private final String logVerifierKey;
    private final SiteRegistry registry;
    private final LogPublisher log;
    private final RefusalLog refusals;
    private final Clock clock;

    Enrolment(
            Supplier<FederationAuthority> authorities,
            java.security.cert.X509Certificate coordinatorSigning,
            String logVerifierKey,
            SiteRegistry registry,
            LogPublisher log,
            RefusalLog refusals,
            Clock clock) {
        this.authorities = authorities;
        this.coordinatorCertificate = ByteString.copyFrom(Certificates.der(coordinatorSigning));
        this.logVerifierKey = logVerifierKey;
        this.registry = registry;
        this.log = log;
        this.refusals = refusals;
        this.clock = clock;
    }

    /** @throws StatusException saying why the site is not enrolled; the refusal is in the log */
    EnrolResponse enrol(EnrolRequest request) throws StatusException {
        FederationAuthority authority = authorities.get();
        String site;
        try {
            site = new CertificateName(authority.federationId(), Role.SITE, request.getSite()).name();
        } catch (UserError e) {
            throw refused("a site with an unusable name", Status.INVALID_ARGUMENT, e.getMessage() + "; " + e.remedy());
        }
        if (ProtocolVersion.negotiate(request.getVersions()).isEmpty()) {
            throw refused(site, Status.FAILED_PRECONDITION, Versions.mismatch(request.getVersions()));
        }
        try {
            EnrolledCertificates certificates = registry.enrol(
                    site,
                    EnrolmentToken.hash(request.getToken().toByteArray()),
                    clock.instant(),
                    () -> authority.enrol(
                            site,
                            request.getTlsRequest().toByteArray(),
                            request.getSigningRequest().toByteArray()),
                    issued -> entry(site, issued));
            log.publish();
            return EnrolResponse.newBuilder()
                    .setFederationId(authority.federationId())
                    .setAuthorityCertificate(ByteString.copyFrom(Certificates.der(authority.certificate())))
                    .setTlsCertificate(ByteString.copyFrom(Certificates.der(certificates.tls())))
                    .setSigningCertificate(ByteString.copyFrom(Certificates.der(certificates.signing())))
                    .setCoordinatorSigningCertificate(coordinatorCertificate)
                    .setLogVerifierKey(ByteString.copyFrom(logVerifierKey, StandardCharsets.UTF_8))
                    .build();
        } catch (TokenRefusedException e) {
            throw refused(site, Status.PERMISSION_DENIED, String.valueOf(e.getMessage()));
        } catch (EnrolmentRefusedException e) {
            throw refused(site, Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
        }
    }

    private LogEntry entry(String site, EnrolledCertificates issued) {
        return LogEntries.of(Actions.SITE_ENROLLED, Outcome.DONE, clock.instant())
                .actor(CertificateName.COORDINATOR)
                .fact("signing_sha256", Certificates.fingerprint(issued.signing()))
                .fact("site", site)
                .fact("tls_sha256", Certificates.fingerprint(issued.tls()))
                .build();
    }

    private StatusException refused(String site, Status status, String reason) {
        refusals.refused(Actions.ENROLMENT_REFUSED, site, reason);
        log.publish();
        return status.withDescription("enrolment refused: " + reason).asException();
    }
}
