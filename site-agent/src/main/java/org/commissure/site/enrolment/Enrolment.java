package org.commissure.site.enrolment;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.CertificateRefusedException;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.EnrolmentRequests;
import org.commissure.privacy.identity.EnrolmentToken;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Invitation;
import org.commissure.privacy.identity.PinnedAuthorityTrustManager;
import org.commissure.privacy.identity.Purpose;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.ProtocolVersion;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.EnrolRequest;
import org.commissure.protocol.v1.EnrolResponse;
import org.commissure.protocol.v1.FederationGrpc;
import org.commissure.site.connection.SiteChannel;
import org.commissure.site.policy.PolicyFile;

/**
 * Turns an invitation file into an enrolled site. The keys are born here and never leave; the
 * coordinator is believed only if its certificate descends from the authority whose fingerprint the
 * invitation holds. Everything is written beside the home folder and renamed into place at the very
 * end, so that a failure leaves nothing.
 */
public final class Enrolment {
    private static final int DEADLINE_SECONDS = 30;

    private final Clock clock;

    public Enrolment(Clock clock) {
        this.clock = clock;
    }

    /** What a person compares out of band, as lower-case hex SHA-256. */
    public record Fingerprints(
            String federation, String site, String authoritySha256, String tlsSha256, String signingSha256) {}

    /**
     * @param policy a policy to start with; without one the cautious default is written
     * @throws UserError if the invitation, the token, the coordinator or the folder is not usable
     */
    public Fingerprints enrol(Path invitationFile, Path homeDirectory, Path data, Optional<Path> policy) {
        Invitation invitation = Invitation.read(invitationFile);
        if (clock.millis() > invitation.expiresUnixMs()) {
            throw new UserError(
                    "the invitation " + invitationFile + " expired at "
                            + Instant.ofEpochMilli(invitation.expiresUnixMs()),
                    "ask the coordinator's operator for a new one (commissure coordinator invite)");
        }
        if (!Files.isDirectory(data)) {
            throw new UserError("there is no data folder " + data, "name the folder that holds participants.tsv");
        }
        // Before the token is used: it is good once.
        if (!Files.isRegularFile(data.resolve("participants.tsv"))) {
            throw new UserError(
                    "the data folder " + data + " holds no participants.tsv",
                    "name the site's own folder, for example " + data.resolve("site-NAME"));
        }
        policy.ifPresent(PolicyFile::read);
        NewHome home = NewHome.beside(homeDirectory);
        try {
            Fingerprints fingerprints = fill(home.temporary(), invitation, data, policy);
            home.moveIntoPlace();
            return fingerprints;
        } catch (IOException e) {
            throw new UserError(
                    "the site's folder " + homeDirectory + " cannot be written: " + e.getMessage(),
                    "check the disk and the folder's permissions; the invitation may be spent, then ask for a new one",
                    e);
        } finally {
            home.discard();
        }
    }

    private Fingerprints fill(SiteHome home, Invitation invitation, Path data, Optional<Path> policy)
            throws IOException {
        EnrolmentRequests requests = EnrolmentRequests.generate(invitation.site());
        EnrolResponse response = ask(invitation, requests);
        X509Certificate authority = certificate(response.getAuthorityCertificate());
        X509Certificate tls = certificate(response.getTlsCertificate());
        X509Certificate signing = certificate(response.getSigningCertificate());
        X509Certificate coordinator = certificate(response.getCoordinatorSigningCertificate());
        check(invitation, authority, tls, signing, coordinator);

        IdentityStore store = new IdentityStore(home.identity());
        store.saveAuthority(authority);
        store.saveTls(requests.tlsIdentity(tls, authority));
        store.saveSigning(requests.signingIdentity(signing));
        Files.write(
                home.coordinatorSigning(),
                response.getCoordinatorSigningCertificate().toByteArray());
        Files.write(home.logVerifierKey(), response.getLogVerifierKey().toByteArray());
        Files.writeString(
                home.settings(),
                new SiteSettings(
                                invitation.federationId(),
                                invitation.site(),
                                invitation.host(),
                                invitation.port(),
                                invitation.authoritySha256(),
                                data.toAbsolutePath().normalize().toString())
                        .toToml());
        Files.writeString(home.policy(), policy.isPresent() ? Files.readString(policy.get()) : PolicyFile.DEFAULT);
        return new Fingerprints(
                invitation.federationId(),
                invitation.site(),
                fingerprint(authority),
                fingerprint(tls),
                fingerprint(signing));
    }

    private static EnrolResponse ask(Invitation invitation, EnrolmentRequests requests) {
        String where = invitation.host() + ":" + invitation.port();
        ManagedChannel channel;
        try {
            channel = SiteChannel.forEnrolment(
                    invitation.host(),
                    invitation.port(),
                    new PinnedAuthorityTrustManager(invitation.authoritySha256()));
        } catch (SSLException e) {
            throw new UserError("TLS cannot be set up on this machine", "check the Java installation", e);
        }
        try {
            return FederationGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .enrol(EnrolRequest.newBuilder()
                            .setVersions(ProtocolVersion.supported())
                            .setSite(invitation.site())
                            .setToken(ByteString.copyFrom(EnrolmentToken.decode(invitation.token())))
                            .setTlsRequest(ByteString.copyFrom(requests.tlsRequestDer()))
                            .setSigningRequest(ByteString.copyFrom(requests.signingRequestDer()))
                            .build());
        } catch (StatusRuntimeException e) {
            throw explained(where, e);
        } finally {
            channel.shutdownNow();
        }
    }

    private static UserError explained(String where, StatusRuntimeException e) {
        Status status = e.getStatus();
        String said = status.getDescription() == null ? status.getCode().toString() : status.getDescription();
        return switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED ->
                tlsFailure(e)
                        ? new UserError(
                                "the server at " + where + " is not the coordinator of this invitation: its"
                                        + " certificate does not descend from the invited authority",
                                "compare the authority's fingerprint with the coordinator's operator by telephone;"
                                        + " do not go on if it differs",
                                e)
                        : new UserError(
                                "the coordinator at " + where + " cannot be reached",
                                "check the address, that the coordinator runs, the firewall (one outbound TCP port)"
                                        + " and HTTPS_PROXY",
                                e);
            case PERMISSION_DENIED, UNAUTHENTICATED, INVALID_ARGUMENT, ALREADY_EXISTS, NOT_FOUND ->
                new UserError(
                        "the coordinator at " + where + " refused the enrolment: " + said,
                        "a token works once and for 24 hours: ask the coordinator's operator for a new invitation",
                        e);
            case FAILED_PRECONDITION ->
                new UserError(
                        "the coordinator at " + where + " refused the enrolment: " + said,
                        "install the version of Commissure that the coordinator's operator names",
                        e);
            default ->
                new UserError(
                        "the enrolment at " + where + " failed: " + said,
                        "ask the coordinator's operator to look at its log",
                        e);
        };
    }

    private static boolean tlsFailure(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException || cause instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }

    private void check(
            Invitation invitation,
            X509Certificate authority,
            X509Certificate tls,
            X509Certificate signing,
            X509Certificate coordinator) {
        if (!fingerprint(authority).equalsIgnoreCase(invitation.authoritySha256())) {
            throw broken("sent another authority than the one of the invitation");
        }
        CertificateVerifier verifier = new CertificateVerifier(authority, clock);
        try {
            CertificateName tlsName = verifier.verify(tls, Role.SITE, Purpose.TLS);
            CertificateName signingName = verifier.verify(signing, Role.SITE, Purpose.SIGNING);
            verifier.verify(coordinator, Role.COORDINATOR, Purpose.SIGNING);
            if (!tlsName.equals(signingName) || !tlsName.name().equals(invitation.site())) {
                throw broken("issued certificates for another site than " + invitation.site());
            }
        } catch (CertificateRefusedException e) {
            throw broken("issued a certificate that does not verify: " + e.getMessage());
        }
    }

    private static UserError broken(String what) {
        return new UserError(
                "the coordinator " + what, "do not go on; tell the coordinator's operator and the privacy officer");
    }

    private static X509Certificate certificate(ByteString der) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der.toByteArray()));
        } catch (CertificateException e) {
            throw broken("sent something that is not a certificate");
        }
    }

    private static String fingerprint(X509Certificate certificate) {
        return HexFormat.of().formatHex(SignedMessages.sha256(certificate).toByteArray());
    }
}
