package org.commissure.coordinator.federation;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.commissure.coordinator.round.LogPublisher;
import org.commissure.coordinator.storage.SiteRegistry;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.EnrolmentRefusedException;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Purpose;
import org.commissure.privacy.identity.Role;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.RenewRequest;
import org.commissure.protocol.v1.RenewResponse;

/**
 * Fresh certificates for an enrolled site, on the strength of its present TLS certificate. The signing certificate
 * stays while a run is under way, because the parties of a sum know each other by it. Thread-safe.
 */
final class Renewal {
    private final Supplier<FederationAuthority> authority;
    private final SiteRegistry registry;
    private final LogPublisher log;
    private final RefusalLog refusals;
    private final BooleanSupplier running;
    private final Clock clock;

    Renewal(
            Supplier<FederationAuthority> authority,
            SiteRegistry registry,
            LogPublisher log,
            RefusalLog refusals,
            BooleanSupplier running,
            Clock clock) {
        this.authority = authority;
        this.registry = registry;
        this.log = log;
        this.refusals = refusals;
        this.running = running;
        this.clock = clock;
    }

    /** @throws StatusException saying why the request is not granted; the refusal is in the log */
    RenewResponse renew(Peer peer, RenewRequest request) throws StatusException {
        String site = peer.name();
        FederationAuthority issuer = authority.get();
        try {
            X509Certificate tls = issuer.renew(
                    Role.SITE, site, Purpose.TLS, request.getTlsRequest().toByteArray());
            Optional<X509Certificate> signing = Optional.empty();
            if (!request.getSigningRequest().isEmpty() && !running.getAsBoolean()) {
                signing = Optional.of(issuer.renew(
                        Role.SITE,
                        site,
                        Purpose.SIGNING,
                        request.getSigningRequest().toByteArray()));
            }
            LogEntries entry = LogEntries.of(Actions.CERTIFICATE_RENEWED, Outcome.DONE, clock.instant())
                    .actor(CertificateName.COORDINATOR)
                    .fact("member", site)
                    .fact("purpose", signing.isPresent() ? "tls and signing" : "tls")
                    .fact("sha256", Certificates.fingerprint(tls))
                    .fact("until", tls.getNotAfter().toInstant().toString());
            signing.ifPresent(certificate -> entry.fact("signing_sha256", Certificates.fingerprint(certificate)));
            registry.renew(site, peer.tlsCertificate(), tls, signing, entry.build());
            log.publish();
            RenewResponse.Builder response =
                    RenewResponse.newBuilder().setTlsCertificate(ByteString.copyFrom(Certificates.der(tls)));
            signing.ifPresent(
                    certificate -> response.setSigningCertificate(ByteString.copyFrom(Certificates.der(certificate))));
            return response.build();
        } catch (EnrolmentRefusedException e) {
            refusals.refused(Actions.CERTIFICATE_RENEWED, site, String.valueOf(e.getMessage()));
            throw Status.INVALID_ARGUMENT
                    .withDescription("renewal refused: " + e.getMessage())
                    .asException();
        }
    }
}
