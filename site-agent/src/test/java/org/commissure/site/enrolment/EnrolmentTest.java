package org.commissure.site.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.privacy.identity.EnrolledCertificates;
import org.commissure.privacy.identity.EnrolmentToken;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Invitation;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.EnrolRequest;
import org.commissure.protocol.v1.EnrolResponse;
import org.commissure.protocol.v1.FederationGrpc;
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
                .addService(new Enroller())
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

    private List<Path> siblings(Path home) {
        try (Stream<Path> listing = Files.list(folder)) {
            return listing.filter(path -> path.getFileName().toString().contains("enrolling") && !path.equals(home))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private final class Enroller extends FederationGrpc.FederationImplBase {
        @Override
        public void enrol(EnrolRequest request, StreamObserver<EnrolResponse> out) {
            if (!request.getToken().equals(ByteString.copyFrom(token))) {
                out.onError(Status.PERMISSION_DENIED
                        .withDescription("the token is wrong, used or expired")
                        .asRuntimeException());
                return;
            }
            try {
                EnrolledCertificates issued = authority.enrol(
                        "NYU",
                        request.getTlsRequest().toByteArray(),
                        request.getSigningRequest().toByteArray());
                out.onNext(EnrolResponse.newBuilder()
                        .setFederationId("fed")
                        .setAuthorityCertificate(
                                ByteString.copyFrom(authority.certificate().getEncoded()))
                        .setTlsCertificate(ByteString.copyFrom(issued.tls().getEncoded()))
                        .setSigningCertificate(
                                ByteString.copyFrom(issued.signing().getEncoded()))
                        .setCoordinatorSigningCertificate(ByteString.copyFrom(authority
                                .issueSigning(Role.COORDINATOR, "coordinator")
                                .certificate()
                                .getEncoded()))
                        .setLogVerifierKey(ByteString.copyFromUtf8("log+00000000+key"))
                        .build());
                out.onCompleted();
            } catch (Exception e) {
                out.onError(Status.INTERNAL.withCause(e).asRuntimeException());
            }
        }
    }
}
