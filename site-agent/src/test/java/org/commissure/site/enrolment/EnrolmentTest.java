package org.commissure.site.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.privacy.identity.CertificateFile;
import org.commissure.privacy.identity.EnrolledCertificates;
import org.commissure.privacy.identity.EnrolmentRequests;
import org.commissure.privacy.identity.EnrolmentToken;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Invitation;
import org.commissure.privacy.identity.RequestFile;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.UserError;
import org.commissure.site.policy.PolicyFile;
import org.commissure.site.storage.SealStore;
import org.commissure.site.storage.SiteDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real TLS server with a real authority. */
class EnrolmentTest {
    private static final long HOUR_MS = 3_600_000;

    @TempDir
    private Path folder;

    private final byte[] token = EnrolmentToken.generate();
    private FederationAuthority authority;
    private Server server;
    private Path data;

    @BeforeEach
    void startCoordinator() throws IOException {
        authority = FederationAuthority.create(folder.resolve("authority"), "fed", Clock.systemUTC());
        TlsIdentity tls = authority.issueTls(Role.COORDINATOR, "coordinator", List.of("localhost", "127.0.0.1"));
        server = NettyServerBuilder.forPort(0)
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(tls.key(), tls.chain()))
                        .build())
                .addService(new EnrollingCoordinator(authority, token))
                .build()
                .start();
        data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("participants.tsv"), "participant_id\n");
    }

    @AfterEach
    void stopCoordinator() {
        server.shutdownNow();
    }

    @Test
    void aValidInvitationLeavesACompleteHome() {
        Path home = folder.resolve("site");
        Enrolment.Fingerprints fingerprints = enrol(invitation(token, fingerprint(), server.getPort()), home);
        assertThat(fingerprints.site()).isEqualTo("NYU");
        assertThat(fingerprints.authoritySha256()).isEqualTo(fingerprint());
        SiteHome written = new SiteHome(home);
        assertThat(written.readSettings().coordinatorPort()).isEqualTo(server.getPort());
        assertThat(new IdentityStore(written.identity()).isComplete()).isTrue();
        assertThat(written.policy()).exists();
        assertThat(written.coordinatorSigning()).exists();
        assertThat(siblings(home)).isEmpty();
    }

    @Test
    void aWrongTokenIsRefusedAndLeavesNothing() {
        Path home = folder.resolve("site");
        Path invitation = invitation(EnrolmentToken.generate(), fingerprint(), server.getPort());
        assertThatThrownBy(() -> enrol(invitation, home))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("token")
                .satisfies(e -> assertThat(((UserError) e).remedy()).contains("new invitation"));
        assertNothingLeft(home);
    }

    @Test
    void anotherAuthorityThanTheInvitedOneIsRefused() {
        Path home = folder.resolve("site");
        Path invitation = invitation(token, "0".repeat(64), server.getPort());
        assertThatThrownBy(() -> enrol(invitation, home))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("does not descend from the invited authority");
        assertNothingLeft(home);
    }

    @Test
    void anUnreachableCoordinatorIsNamed() {
        Path home = folder.resolve("site");
        int port = server.getPort();
        server.shutdownNow();
        Path invitation = invitation(token, fingerprint(), port);
        assertThatThrownBy(() -> enrol(invitation, home))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("127.0.0.1:" + port)
                .hasMessageContaining("cannot be reached");
        assertNothingLeft(home);
    }

    @Test
    void anExpiredInvitationIsNotEvenTried() {
        Path file = folder.resolve("old.json");
        new Invitation("fed", "NYU", "127.0.0.1", 1, fingerprint(), EnrolmentToken.encode(token), 1000).write(file);
        assertThatThrownBy(() -> enrol(file, folder.resolve("site")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("expired");
    }

    @Test
    void aDataFolderThatIsNoCohortIsRefusedBeforeTheTokenIsUsed() throws IOException {
        Path home = folder.resolve("site");
        Path invitation = invitation(token, fingerprint(), server.getPort());
        Files.delete(data.resolve("participants.tsv"));
        assertThatThrownBy(() -> enrol(invitation, home))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("holds no participants.tsv");
        assertNothingLeft(home);

        Files.writeString(data.resolve("participants.tsv"), "participant_id\n");
        assertThat(enrol(invitation, home).site()).isEqualTo("NYU");
    }

    @Test
    void anEnrolledHomeIsNeverOverwritten() {
        Path home = folder.resolve("site");
        Path invitation = invitation(token, fingerprint(), server.getPort());
        enrol(invitation, home);
        assertThatThrownBy(() -> enrol(invitation, home))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("already");
    }

    private Enrolment.Fingerprints enrol(Path invitation, Path home) {
        return new Enrolment(Clock.systemUTC()).enrol(invitation, home, data, Optional.empty());
    }

    private Path invitation(byte[] secret, String authoritySha256, int port) {
        Path file = folder.resolve("invitation.json");
        new Invitation(
                        "fed",
                        "NYU",
                        "127.0.0.1",
                        port,
                        authoritySha256,
                        EnrolmentToken.encode(secret),
                        System.currentTimeMillis() + HOUR_MS)
                .write(file);
        return file;
    }

    private String fingerprint() {
        return HexFormat.of()
                .formatHex(SignedMessages.sha256(authority.certificate()).toByteArray());
    }

    private void assertNothingLeft(Path home) {
        assertThat(home).doesNotExist();
        assertThat(siblings(home)).isEmpty();
    }

    private byte[] salt(Path home) {
        return new SealStore(SiteDatabase.open(new SiteHome(home).database())).salt(new SecureRandom());
    }

    @Test
    void enrollingAgainChangesTheKeysAndKeepsSplitLedgerAndPolicy() throws Exception {
        Path home = folder.resolve("site");
        Path invitation = invitation(token, fingerprint(), server.getPort());
        enrol(invitation, home);
        SiteHome written = new SiteHome(home);
        byte[] salt = salt(home);
        Files.writeString(written.ledger(), "spent");
        Files.writeString(written.policy(), PolicyFile.DEFAULT.replace("8.0", "7.0"));
        var before = new IdentityStore(written.identity()).loadTls().certificate();

        Enrolment.Fingerprints again = new Enrolment(Clock.systemUTC()).again(invitation, home);
        assertThat(again.site()).isEqualTo("NYU");
        assertThat(new IdentityStore(written.identity()).loadTls().certificate())
                .isNotEqualTo(before);
        assertThat(salt(home)).isEqualTo(salt);
        assertThat(written.ledger()).hasContent("spent");
        assertThat(written.policy()).content().contains("7.0");
        assertThat(written.readSettings().data()).isEqualTo(data.toString());
    }

    @Test
    void aSiteThatIsServedIsNotEnrolledAgain() throws Exception {
        Path home = folder.resolve("site");
        Path invitation = invitation(token, fingerprint(), server.getPort());
        enrol(invitation, home);
        try (var lock = new SiteHome(home).lock()) {
            assertThatThrownBy(() -> new Enrolment(Clock.systemUTC()).again(invitation, home))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("is served by another process already");
        }
    }

    /** The grant is durable, the keys wait, and the process dies before it puts them in place. */
    @Test
    void anInterruptedEnrolmentIsCompletedByTheNextStart() throws Exception {
        Path home = folder.resolve("site");
        enrol(invitation(token, fingerprint(), server.getPort()), home);
        SiteHome written = new SiteHome(home);
        IdentityStore store = new IdentityStore(written.identity());
        EnrolmentRequests requests = EnrolmentRequests.generate("NYU", store);
        store.saveWaiting(requests, "NYU");
        granted(RequestFile.of("fed", Role.SITE, "NYU", requests))
                .write(written.identity().resolve("granted.json"));

        var membership = written.openMembership(Clock.systemUTC());
        assertThat(membership.tls().certificate().getPublicKey())
                .isEqualTo(requests.tlsIdentity(membership.tls().certificate(), authority.certificate())
                        .certificate()
                        .getPublicKey());
        assertThat(requests.signingIdentity(membership.signing().certificate()).name())
                .isEqualTo("NYU");
        assertThat(written.identity().resolve("granted.json")).doesNotExist();
        assertThat(store.hasWaiting()).isFalse();
    }

    private CertificateFile granted(RequestFile request) throws Exception {
        EnrolledCertificates issued = authority.enrol("NYU", request.tlsRequest(), request.signingRequest());
        return new CertificateFile(
                "fed",
                "site",
                "NYU",
                "127.0.0.1",
                server.getPort(),
                authority.certificate().getEncoded(),
                issued.tls().getEncoded(),
                issued.signing().getEncoded(),
                authority
                        .issueSigning(Role.COORDINATOR, "coordinator")
                        .certificate()
                        .getEncoded(),
                "log+00000000+key");
    }

    @Test
    void aSiteEnrolsByFileWithoutTheNetwork() throws Exception {
        Path home = folder.resolve("site");
        Enrolment enrolment = new Enrolment(Clock.systemUTC());
        RequestFile request = enrolment.request("fed", "NYU", home, Optional.empty());
        Path file = folder.resolve("granted");
        granted(request).write(file);
        server.shutdownNow();
        Enrolment.Start start = new Enrolment.Start(data, Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> enrolment.complete(file, home, start, "0".repeat(64)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("sent another root");
        Enrolment.Fingerprints done = enrolment.complete(file, home, start, fingerprint());
        assertThat(done.site()).isEqualTo("NYU");
        assertThat(new SiteHome(home).openMembership(Clock.systemUTC()).site()).isEqualTo("NYU");
        assertThat(new SiteHome(home).policy()).hasContent(PolicyFile.DEFAULT);
        assertThatThrownBy(() -> enrolment.complete(file, home, start, fingerprint()))
                .hasMessageContaining("no request waits");
    }

    @Test
    void aWrongClockIsToldInsteadOfACertificateError() throws Exception {
        Path invitation = invitation(token, fingerprint(), server.getPort());
        for (var off : Map.of(
                        Duration.ofMinutes(-47), "your clock is 47 minutes behind the coordinator's",
                        Duration.ofDays(40), "your clock is 40 days ahead of the coordinator's")
                .entrySet()) {
            Path home = folder.resolve("site");
            Enrolment late = new Enrolment(Clock.offset(Clock.systemUTC(), off.getKey()));
            assertThatThrownBy(() -> late.enrol(invitation, home, data, Optional.empty()))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(off.getValue())
                    .satisfies(e -> assertThat(((UserError) e).remedy()).contains("time synchronisation"));
            assertNothingLeft(home);
        }
    }

    private List<Path> siblings(Path home) {
        try (Stream<Path> listing = Files.list(folder)) {
            return listing.filter(path -> path.getFileName().toString().contains("enrolling") && !path.equals(home))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
