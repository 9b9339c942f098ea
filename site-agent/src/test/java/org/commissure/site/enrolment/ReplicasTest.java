package org.commissure.site.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.commissure.privacy.identity.EnrolmentToken;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Invitation;
import org.commissure.privacy.identity.Passphrase;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.Welcome;
import org.commissure.site.connection.CoordinatorAddress;
import org.commissure.site.connection.FrameListener;
import org.commissure.site.connection.SiteConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A site that knows several addresses of its coordinator, against real TLS servers of which one leads at a time. */
@Timeout(120)
class ReplicasTest {
    private static final String HOST = "127.0.0.1";
    private static final long HOUR_MS = 3_600_000;
    private static final int LIMIT_SECONDS = 60;

    @TempDir
    private Path folder = Path.of("");

    private final byte[] token = EnrolmentToken.generate();
    private final List<Server> servers = new ArrayList<>();
    /** Ports at which a site was welcomed, in order. */
    private final BlockingQueue<Integer> welcomes = new LinkedBlockingQueue<>();

    private Path data = Path.of("");
    private FederationAuthority authority;
    private int first;
    private int second;

    @BeforeEach
    void makeAuthority() throws IOException {
        authority = FederationAuthority.create(folder.resolve("authority"), "fed", Clock.systemUTC());
        data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("participants.tsv"), "participant_id\n");
        first = LoopbackPorts.free();
        second = LoopbackPorts.free();
    }

    @AfterEach
    void stop() {
        servers.forEach(Server::shutdownNow);
    }

    @Test
    void enrolmentAndConnectionTakeTheReplicaThatAnswers() throws Exception {
        lead(second);
        SiteHome home = enrol();
        assertThat(home.readSettings().addresses())
                .extracting(CoordinatorAddress::toString)
                .containsExactly(HOST + ":" + first, HOST + ":" + second);
        try (SiteConnection connection = connect(home)) {
            assertThat(welcomes.poll(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(second);
            servers.getFirst().shutdownNow();
            lead(first);
            assertThat(welcomes.poll(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(first);
            servers.getLast().shutdownNow();
            lead(second);
            assertThat(welcomes.poll(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(second);
            assertThat(connection.problem()).startsWith(HOST + ":");
        }
    }

    /** Of the same authority, but an operator's; and a coordinator's, but of another authority. */
    @Test
    void whoeverIsNotThisFederationsCoordinatorIsPassedOver() throws Exception {
        lead(second);
        SiteHome home = enrol();
        FederationAuthority foreign = FederationAuthority.create(folder.resolve("foreign"), "fed", Clock.systemUTC());
        for (TlsIdentity wrong : List.of(
                authority.issueTls(Role.OPERATOR, "operator", List.of(HOST)),
                foreign.issueTls(Role.COORDINATOR, "coordinator", List.of(HOST)))) {
            Server impostor = serve(first, wrong);
            try (SiteConnection connection = connect(home)) {
                assertThat(welcomes.poll(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(second);
                assertThat(connection.problem()).contains(HOST + ":" + first, "certificate is refused");
            }
            impostor.shutdownNow().awaitTermination();
        }
        assertThat(welcomes).doesNotContain(first);
    }

    @Test
    void whereNobodyAnswersTheFirstAddressIsNamedAndNothingIsLeft() {
        assertThatThrownBy(this::enrol)
                .isInstanceOf(UserError.class)
                .hasMessageContaining(HOST + ":" + first + " cannot be reached");
        assertThat(folder.resolve("site")).doesNotExist();
    }

    @Test
    void whatIsNoAddressIsRefused() {
        for (String bad : List.of("host", "host:0", "host:70000", "a b:1", "::1:8443", "")) {
            assertThatThrownBy(() -> CoordinatorAddress.parse(bad))
                    .as(bad)
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("is no address of a coordinator");
        }
        assertThat(CoordinatorAddress.parse("[::1]:8443")).isEqualTo(new CoordinatorAddress("::1", 8443));
        assertThat(CoordinatorAddress.parse("[::1]:8443")).hasToString("[::1]:8443");
    }

    private SiteHome enrol() {
        Path invitation = folder.resolve("invitation.json");
        new Invitation(
                        "fed",
                        "NYU",
                        HOST,
                        first,
                        fingerprint(),
                        EnrolmentToken.encode(token),
                        System.currentTimeMillis() + HOUR_MS)
                .write(invitation);
        Path home = folder.resolve("site");
        new Enrolment(Clock.systemUTC(), Passphrase.ofProcess(), List.of(HOST + ":" + second))
                .enrol(invitation, home, data, Optional.empty());
        return new SiteHome(home);
    }

    private String fingerprint() {
        return HexFormat.of()
                .formatHex(SignedMessages.sha256(authority.certificate()).toByteArray());
    }

    private SiteConnection connect(SiteHome home) {
        SiteConnection connection = new SiteConnection(
                home.readSettings().addresses(),
                home.openMembership(Clock.systemUTC()),
                home.models(),
                Clock.systemUTC(),
                new SecureRandom(),
                "test");
        Thread.ofVirtual().start(() -> {
            try {
                connection.run(new FrameListener() {
                    @Override
                    public void connected() {}

                    @Override
                    public void received(CoordinatorFrame frame) {}
                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return connection;
    }

    private void lead(int port) throws IOException {
        var unused = serve(port, authority.issueTls(Role.COORDINATOR, "coordinator", List.of(HOST)));
    }

    private Server serve(int port, TlsIdentity tls) throws IOException {
        Server server = NettyServerBuilder.forPort(port)
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(tls.key(), tls.chain()))
                        .build())
                .addService(new EnrollingCoordinator(authority, token) {
                    @Override
                    public StreamObserver<SiteFrame> participate(StreamObserver<CoordinatorFrame> out) {
                        welcomes.add(port);
                        out.onNext(CoordinatorFrame.newBuilder()
                                .setWelcome(Welcome.newBuilder()
                                        .setCoordinatorTimeUnixMs(System.currentTimeMillis())
                                        .setHeartbeatSeconds(10))
                                .build());
                        return new Silent();
                    }
                })
                .build()
                .start();
        servers.add(server);
        return server;
    }

    /** Hears the site out. */
    private static final class Silent implements StreamObserver<SiteFrame> {
        @Override
        public void onNext(SiteFrame frame) {}

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onCompleted() {}
    }
}
