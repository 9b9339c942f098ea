package org.commissure.site.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.EnrolledCertificates;
import org.commissure.privacy.identity.EnrolmentToken;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.FederationTrustManager;
import org.commissure.privacy.identity.Invitation;
import org.commissure.privacy.identity.Passphrase;
import org.commissure.privacy.identity.PeerTrustManager;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.v1.EnrolRequest;
import org.commissure.protocol.v1.EnrolResponse;
import org.commissure.protocol.v1.FederationGrpc;
import org.commissure.protocol.v1.NowRequest;
import org.commissure.protocol.v1.NowResponse;
import org.commissure.site.connection.CoordinatorAddress;
import org.commissure.site.connection.SiteChannel;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site whose keys are in a SoftHSM2 token, from its enrolment to a mutually authenticated call. */
class TokenEnrolmentTest {
    private static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");

    @TempDir
    private Path folder;

    private final AtomicReference<X509Certificate> shown = new AtomicReference<>();

    private Path token() throws Exception {
        Assumptions.assumeTrue(Files.exists(LIBRARY), "no SoftHSM2 here: apt-get install softhsm2");
        String conf = System.getenv("SOFTHSM2_CONF");
        Assumptions.assumeTrue(conf != null, "SOFTHSM2_CONF is not set; the pom sets it");
        Path tokens = Files.createDirectories(folder.resolve("tokens"));
        Files.writeString(
                Path.of(String.valueOf(conf)), "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n");
        Process made = new ProcessBuilder(
                        "softhsm2-util",
                        "--init-token",
                        "--free",
                        "--label",
                        "site",
                        "--pin",
                        "1234",
                        "--so-pin",
                        "5678")
                .redirectErrorStream(true)
                .start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(made.waitFor()).as(said).isZero();
        return Files.writeString(
                folder.resolve("token.cfg"), "name = SiteHsm\nlibrary = " + LIBRARY + "\nslotListIndex = 0\n");
    }

    @Test
    void aSiteWithItsKeysInATokenEnrolsAndIsKnownByItsCertificate() throws Exception {
        Path configuration = token();
        Path pin = Files.writeString(folder.resolve("pin"), "1234\n");
        Files.writeString(folder.resolve("participants.tsv"), "participant_id\n");
        FederationAuthority authority =
                FederationAuthority.create(folder.resolve("authority"), "fed", Clock.systemUTC());
        Server server = server(authority);
        try {
            Path invitation = folder.resolve("invitation.json");
            new Invitation(
                            "fed",
                            "NYU",
                            "localhost",
                            server.getPort(),
                            Certificates.fingerprint(authority.certificate()),
                            EnrolmentToken.encode(EnrolmentToken.generate()),
                            System.currentTimeMillis() + 60_000)
                    .write(invitation);
            Path home = folder.resolve("home");
            new Enrolment(Clock.systemUTC(), Passphrase.inFile(pin))
                    .enrol(invitation, home, new Enrolment.Start(folder, Optional.empty(), Optional.of(configuration)));
            TlsIdentity tls = new org.commissure.privacy.identity.IdentityStore(
                            new SiteHome(home).identity(), Passphrase.inFile(pin))
                    .loadTls();
            assertThat(tls.key().getEncoded()).isNull();
            var channel = SiteChannel.open(
                    new CoordinatorAddress("localhost", server.getPort()),
                    tls,
                    new FederationTrustManager(
                            authority.certificate(), Clock.systemUTC(), EnumSet.of(Role.COORDINATOR)));
            try {
                var unused = FederationGrpc.newBlockingStub(channel).now(NowRequest.getDefaultInstance());
                assertThat(shown.get()).isEqualTo(tls.certificate());
            } finally {
                channel.shutdownNow();
            }
        } finally {
            server.shutdownNow();
        }
    }

    private Server server(FederationAuthority authority) throws Exception {
        TlsIdentity own = authority.issueTls(Role.COORDINATOR, "coordinator", List.of("localhost"));
        PeerTrustManager anybody = new PeerTrustManager() {
            @Override
            protected void checkClient(X509Certificate[] chain) {
                // The test looks at it.
            }
        };
        return NettyServerBuilder.forPort(0)
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(
                                own.key(), own.chain().toArray(X509Certificate[]::new)))
                        .clientAuth(ClientAuth.OPTIONAL)
                        .trustManager(anybody)
                        .build())
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
                        try {
                            if (session != null) {
                                shown.set((X509Certificate) session.getPeerCertificates()[0]);
                            }
                        } catch (SSLPeerUnverifiedException e) {
                            // The call that enrols.
                        }
                        return next.startCall(call, headers);
                    }
                })
                .addService(new FederationGrpc.FederationImplBase() {
                    @Override
                    public void now(NowRequest request, StreamObserver<NowResponse> out) {
                        out.onNext(NowResponse.getDefaultInstance());
                        out.onCompleted();
                    }

                    @Override
                    public void enrol(EnrolRequest request, StreamObserver<EnrolResponse> out) {
                        try {
                            EnrolledCertificates issued = authority.enrol(
                                    "NYU",
                                    request.getTlsRequest().toByteArray(),
                                    request.getSigningRequest().toByteArray());
                            out.onNext(EnrolResponse.newBuilder()
                                    .setFederationId("fed")
                                    .setAuthorityCertificate(
                                            ByteString.copyFrom(Certificates.der(authority.certificate())))
                                    .setTlsCertificate(ByteString.copyFrom(Certificates.der(issued.tls())))
                                    .setSigningCertificate(ByteString.copyFrom(Certificates.der(issued.signing())))
                                    .setCoordinatorSigningCertificate(ByteString.copyFrom(Certificates.der(authority
                                            .issueSigning(Role.COORDINATOR, "coordinator")
                                            .certificate())))
                                    .setLogVerifierKey(ByteString.copyFromUtf8("log+00000000+key"))
                                    .build());
                            out.onCompleted();
                        } catch (org.commissure.privacy.identity.EnrolmentRefusedException e) {
                            out.onError(e);
                        }
                    }
                })
                .build()
                .start();
    }
}
