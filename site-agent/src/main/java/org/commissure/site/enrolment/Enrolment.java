package org.commissure.site.enrolment;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.CertificateFile;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.EnrolmentRequests;
import org.commissure.privacy.identity.EnrolmentToken;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Invitation;
import org.commissure.privacy.identity.Passphrase;
import org.commissure.privacy.identity.PinnedAuthorityTrustManager;
import org.commissure.privacy.identity.RequestFile;
import org.commissure.privacy.identity.Role;
import org.commissure.protocol.ProtocolVersion;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.EnrolRequest;
import org.commissure.protocol.v1.EnrolResponse;
import org.commissure.protocol.v1.FederationGrpc;
import org.commissure.site.connection.CoordinatorAddress;
import org.commissure.site.connection.CoordinatorClock;
import org.commissure.site.connection.SiteChannel;
import org.commissure.site.policy.PolicyFile;
import org.commissure.site.storage.LogOutbox;
import org.commissure.site.storage.SiteDatabase;

/**
 * Turns an invitation, or a file that was granted, into an enrolled site. The keys are born here and never leave; the
 * coordinator is believed only if its certificate descends from the root whose fingerprint the invitation holds. A
 * new home is written beside its place and renamed into it at the very end, so that a failure leaves nothing.
 */
public final class Enrolment {
    private static final int DEADLINE_SECONDS = 30;
    private static final String RETRY =
            "check the disk and the folder's permissions; the invitation may be spent, then ask for a new one";

    private final Clock clock;
    private final Passphrase passphrase;
    private final List<String> replicas;

    public Enrolment(Clock clock) {
        this(clock, Passphrase.ofProcess());
    }

    /** @param passphrase locks the keys */
    public Enrolment(Clock clock, Passphrase passphrase) {
        this(clock, passphrase, List.of());
    }

    /**
     * Of a coordinator with several addresses.
     *
     * @param passphrase locks the keys
     * @param replicas further addresses, {@code HOST:PORT}, at which the coordinator may be found, now and later
     */
    public Enrolment(Clock clock, Passphrase passphrase, List<String> replicas) {
        this.clock = clock;
        this.passphrase = passphrase;
        this.replicas = List.copyOf(replicas);
    }

    /** What a person compares out of band, as lower-case hex SHA-256. */
    public record Fingerprints(
            String federation, String site, String authoritySha256, String tlsSha256, String signingSha256) {}

    /**
     * What a new home starts with.
     *
     * @param data the folder of the cohort
     * @param policy without one the cautious default is written
     * @param token configuration of the JDK's SunPKCS11 provider, where the keys are to live in a token
     */
    public record Start(Path data, Optional<Path> policy, Optional<Path> token) {}

    /**
     * @param policy a policy to start with; without one the cautious default is written
     * @throws UserError if the invitation, the token, the coordinator or the folder is not usable
     */
    public Fingerprints enrol(Path invitationFile, Path homeDirectory, Path data, Optional<Path> policy) {
        return enrol(invitationFile, homeDirectory, new Start(data, policy, Optional.empty()));
    }

    /** As {@link #enrol(Path, Path, Path, Optional)}. */
    public Fingerprints enrol(Path invitationFile, Path homeDirectory, Start start) {
        Invitation invitation = readInvitation(invitationFile);
        check(start); // before the token is used: it is good once
        return inNewHome(homeDirectory, home -> {
            prepare(home, start);
            return enrol(home, invitation, start.data());
        });
    }

    /**
     * Enrols an existing site once more, with new keys: its ledger, policy, split and past stay. For a site whose
     * certificate ended, or that was revoked and readmitted.
     *
     * @throws UserError as {@link #enrol}, or if the site is being served
     */
    public Fingerprints again(Path invitationFile, Path homeDirectory) {
        Invitation invitation = readInvitation(invitationFile);
        SiteHome home = new SiteHome(homeDirectory);
        SiteSettings settings = home.readSettings();
        if (!settings.site().equals(invitation.site())) {
            throw new UserError(
                    "the invitation is for site '" + invitation.site() + "', and " + homeDirectory + " is site '"
                            + settings.site() + "'",
                    "ask for an invitation of this site; its ledger and split belong to it");
        }
        try (FileChannel lock = home.lock()) {
            Installation.complete(home);
            if (!settings.authoritySha256().equals(invitation.authoritySha256()) && Files.exists(home.database())) {
                // They are signed for a log that this site leaves.
                new LogOutbox(SiteDatabase.open(home.database())).forgetUnsent();
            }
            return enrol(home, invitation, Path.of(settings.data()));
        } catch (IOException e) {
            throw unwritable(homeDirectory, e);
        }
    }

    /**
     * The first half of an enrolment by file: makes the keys in a new home and the request for their certificates.
     *
     * @return what to send to the coordinator's operator
     */
    public RequestFile request(String federation, String site, Path homeDirectory, Optional<Path> token) {
        CertificateName name = new CertificateName(federation, Role.SITE, site);
        return inNewHome(homeDirectory, home -> {
            copyToken(home, token);
            IdentityStore store = new IdentityStore(home.identity(), passphrase);
            EnrolmentRequests requests = EnrolmentRequests.generate(site, store);
            store.saveWaiting(requests, site);
            return RequestFile.of(name.federation(), Role.SITE, site, requests);
        });
    }

    /**
     * The second half of an enrolment by file.
     *
     * @param granted what the coordinator's operator sent back
     * @param rootSha256 the root's fingerprint, heard from the operator
     */
    public Fingerprints complete(Path granted, Path homeDirectory, Start start, String rootSha256) {
        CertificateFile grant = CertificateFile.read(granted);
        SiteHome home = new SiteHome(homeDirectory);
        if (!new IdentityStore(home.identity(), passphrase).hasWaiting()) {
            throw new UserError(
                    "no request waits in " + homeDirectory,
                    "name the --home of 'commissure site enrol --request-out', on the machine where it ran");
        }
        check(start);
        Installation.check(grant, grant.name(), rootSha256, clock);
        try {
            Installation.apply(home, grant, passphrase);
            settle(home, grant, start.data());
            if (!Files.exists(home.policy())) {
                writePolicy(home, start.policy());
            }
            return fingerprints(grant);
        } catch (IOException e) {
            throw unwritable(homeDirectory, e);
        }
    }

    private Invitation readInvitation(Path file) {
        Invitation invitation = Invitation.read(file);
        if (clock.millis() > invitation.expiresUnixMs()) {
            CoordinatorClock.problem(addresses(invitation).getFirst(), invitation.authoritySha256(), clock)
                    .ifPresent(problem -> {
                        throw problem;
                    });
            throw new UserError(
                    "the invitation " + file + " expired at " + Instant.ofEpochMilli(invitation.expiresUnixMs()),
                    "ask the coordinator's operator for a new one (commissure coordinator invite)");
        }
        return invitation;
    }

    private static void check(Start start) {
        if (!Files.isDirectory(start.data())) {
            throw new UserError(
                    "there is no data folder " + start.data(), "name the folder that holds participants.tsv");
        }
        if (!Files.isRegularFile(start.data().resolve("participants.tsv"))) {
            throw new UserError(
                    "the data folder " + start.data() + " holds no participants.tsv",
                    "name the site's own folder, for example " + start.data().resolve("site-NAME"));
        }
        start.policy().ifPresent(PolicyFile::read);
    }

    private interface Filling<T> {
        T fill(SiteHome home) throws IOException;
    }

    private static <T> T inNewHome(Path homeDirectory, Filling<T> filling) {
        NewHome home = NewHome.beside(homeDirectory);
        try {
            T filled = filling.fill(home.temporary());
            home.moveIntoPlace();
            return filled;
        } catch (IOException e) {
            throw unwritable(homeDirectory, e);
        } finally {
            home.discard();
        }
    }

    private static UserError unwritable(Path home, IOException cause) {
        return new UserError("the site's folder " + home + " cannot be written: " + cause.getMessage(), RETRY, cause);
    }

    private static void copyToken(SiteHome home, Optional<Path> token) throws IOException {
        if (token.isPresent()) {
            Files.copy(token.get(), home.identity().resolve(IdentityStore.TOKEN_CONFIGURATION));
        }
    }

    private void prepare(SiteHome home, Start start) throws IOException {
        copyToken(home, start.token());
        writePolicy(home, start.policy());
    }

    private static void writePolicy(SiteHome home, Optional<Path> policy) throws IOException {
        Files.writeString(home.policy(), policy.isPresent() ? Files.readString(policy.get()) : PolicyFile.DEFAULT);
    }

    /** Keys, certificates, and at last the settings, which say that the site is enrolled. */
    private Fingerprints enrol(SiteHome home, Invitation invitation, Path data) throws IOException {
        IdentityStore store = new IdentityStore(home.identity(), passphrase);
        EnrolmentRequests requests = EnrolmentRequests.generate(invitation.site(), store);
        store.saveWaiting(requests, invitation.site());
        EnrolResponse response = ask(invitation, requests);
        CertificateFile grant = new CertificateFile(
                invitation.federationId(),
                Role.SITE.text(),
                invitation.site(),
                invitation.host(),
                invitation.port(),
                response.getAuthorityCertificate().toByteArray(),
                response.getTlsCertificate().toByteArray(),
                response.getSigningCertificate().toByteArray(),
                response.getCoordinatorSigningCertificate().toByteArray(),
                response.getLogVerifierKey().toStringUtf8());
        Installation.check(grant, invitation.site(), invitation.authoritySha256(), clock);
        Installation.apply(home, grant, passphrase);
        settle(home, grant, data);
        return fingerprints(grant);
    }

    private List<CoordinatorAddress> addresses(Invitation invitation) {
        return CoordinatorAddress.all(new CoordinatorAddress(invitation.host(), invitation.port()), replicas);
    }

    private void settle(SiteHome home, CertificateFile grant, Path data) throws IOException {
        String text = new SiteSettings(
                        grant.federationId(),
                        grant.name(),
                        grant.host(),
                        grant.port(),
                        Files.exists(home.settings()) ? home.readSettings().coordinatorReplicas() : Optional.empty(),
                        grant.rootSha256(),
                        data.toAbsolutePath().normalize().toString())
                .withReplicas(replicas)
                .toToml();
        DurableFile.writeSecret(home.settings(), text.getBytes(StandardCharsets.UTF_8));
    }

    private static Fingerprints fingerprints(CertificateFile grant) {
        return new Fingerprints(
                grant.federationId(),
                grant.name(),
                grant.rootSha256(),
                Certificates.fingerprint(CertificateFile.certificate(grant.tls())),
                Certificates.fingerprint(CertificateFile.certificate(grant.signing())));
    }

    /** The first answer; of several addresses that cannot be reached, what was wrong with the first. */
    private EnrolResponse ask(Invitation invitation, EnrolmentRequests requests) {
        Optional<UserError> unreachable = Optional.empty();
        for (CoordinatorAddress address : addresses(invitation)) {
            try {
                return ask(address, invitation, requests);
            } catch (UserError e) {
                if (!(e.getCause() instanceof StatusRuntimeException status) || !isUnreachable(status)) {
                    throw e;
                }
                unreachable = unreachable.or(() -> Optional.of(e));
            }
        }
        throw unreachable.orElseThrow();
    }

    private static boolean isUnreachable(StatusRuntimeException e) {
        return switch (e.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED -> true;
            default -> false;
        };
    }

    private EnrolResponse ask(CoordinatorAddress address, Invitation invitation, EnrolmentRequests requests) {
        ManagedChannel channel;
        try {
            channel = SiteChannel.forEnrolment(
                    address, new PinnedAuthorityTrustManager(invitation.authoritySha256(), clock));
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
            if (tlsFailure(e)) {
                CoordinatorClock.problem(address, invitation.authoritySha256(), clock)
                        .ifPresent(problem -> {
                            throw problem;
                        });
            }
            throw explained(address.toString(), e);
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
}
