package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.identity.EnrolmentRequests;
import org.commissure.privacy.identity.EnrolmentToken;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.FederationTrustManager;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Invitation;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.FederationGrpc;
import org.commissure.protocol.v1.Hello;
import org.commissure.protocol.v1.OperatorGrpc;
import org.commissure.protocol.v1.ProtocolVersions;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.StatusRequest;
import org.commissure.protocol.v1.UploadStatusRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is not let in, what they are told, and what the log says about it. */
@Timeout(60)
class RefusalTest {
    @TempDir
    Path folder;

    private TestFederation federation;

    @BeforeEach
    void open() throws Exception {
        federation = new TestFederation(folder, "A");
    }

    @AfterEach
    void close() {
        federation.close();
    }

    private void assertLogged(String action, String text) throws InterruptedException {
        TestFederation.eventually(() -> LogReader.read(federation.home.log()).stream()
                .anyMatch(entry -> entry.entry().getAction().equals(action)
                        && entry.entry().getDetail().contains(text)));
    }

    private void enrolIsRefused(Invitation invitation, byte[] token, String why) throws InterruptedException {
        EnrolmentRequests requests = EnrolmentRequests.generate(invitation.site());
        assertThatThrownBy(() -> FakeSite.enrol(invitation, federation.port, requests, token))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining(why)
                .hasMessageContaining("ask the coordinator for a new invitation");
        assertLogged("enrolment.refused", why);
    }

    @Test
    void aWrongTokenIsRefused() throws Exception {
        Invitation invitation = federation.home.invite("B", 24, Clock.systemUTC());
        enrolIsRefused(invitation, EnrolmentToken.generate(), "not one that was issued for site 'B'");
    }

    @Test
    void aTokenWorksOnce() throws Exception {
        Invitation invitation = federation.home.invite("B", 24, Clock.systemUTC());
        byte[] token = EnrolmentToken.decode(invitation.token());
        FakeSite.enrolled(invitation, token, federation.port, folder, 1).close();
        enrolIsRefused(invitation, token, "was used before");
    }

    @Test
    void aTokenEnds() throws Exception {
        Invitation invitation = federation.home.invite("B", 0, Clock.systemUTC());
        enrolIsRefused(invitation, EnrolmentToken.decode(invitation.token()), "expired on");
    }

    @Test
    void aTokenIsForOneSiteOnly() throws Exception {
        Invitation b = federation.home.invite("B", 24, Clock.systemUTC());
        Invitation c = federation.home.invite("C", 24, Clock.systemUTC());
        enrolIsRefused(c, EnrolmentToken.decode(b.token()), "not one that was issued for site 'C'");
    }

    private void callIsRefused(@Nullable TlsIdentity identity, String why) throws InterruptedException {
        ManagedChannel channel = channel(identity);
        try {
            assertThatThrownBy(() -> FederationGrpc.newBlockingStub(channel)
                            .uploadStatus(UploadStatusRequest.getDefaultInstance()))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("UNAUTHENTICATED")
                    .hasMessageContaining(why);
        } finally {
            channel.shutdownNow();
        }
        assertLogged("connection.refused", why);
    }

    private ManagedChannel channel(@Nullable TlsIdentity identity) {
        return FakeSite.channel(
                federation.port,
                identity,
                new FederationTrustManager(
                        new IdentityStore(federation.home.identity()).loadAuthority(),
                        Clock.systemUTC(),
                        EnumSet.of(Role.COORDINATOR)));
    }

    @Test
    void withoutACertificateNothingButEnrolWorks() throws Exception {
        callIsRefused(null, "no client certificate was shown");
    }

    @Test
    void aCertificateOfAnotherFederationIsRefused() throws Exception {
        FederationAuthority foreign = FederationAuthority.create(folder.resolve("foreign"), "test", Clock.systemUTC());
        callIsRefused(foreign.issueTls(Role.SITE, "A", List.of()), "issued by another federation");
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        FederationAuthority authority = FederationAuthority.open(federation.home.authority(), Clock.systemUTC());
        Instant now = Instant.now();
        callIsRefused(
                authority.issueTls(
                        Role.SITE, "A", List.of(), now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1))),
                "expired on");
    }

    @Test
    void aSiteThatWasNeverEnrolledIsRefused() throws Exception {
        FederationAuthority authority = FederationAuthority.open(federation.home.authority(), Clock.systemUTC());
        callIsRefused(authority.issueTls(Role.SITE, "Z", List.of()), "is not enrolled here");
    }

    @Test
    void aSiteIsNoOperator() throws Exception {
        ManagedChannel channel = channel(federation.sites.getFirst().tls());
        try {
            assertThatThrownBy(
                            () -> OperatorGrpc.newBlockingStub(channel).getStatus(StatusRequest.getDefaultInstance()))
                    .hasMessageContaining("is a site's, but a coordinator-operator's or ");
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void anotherProtocolVersionIsToldWhoMustUpgrade() throws Exception {
        ManagedChannel channel = channel(federation.sites.getFirst().tls());
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        try {
            FederationGrpc.newStub(channel)
                    .participate(new StreamObserver<CoordinatorFrame>() {
                        @Override
                        public void onNext(CoordinatorFrame frame) {
                            refused.completeExceptionally(new AssertionError("let in"));
                        }

                        @Override
                        public void onError(Throwable problem) {
                            refused.complete(problem);
                        }

                        @Override
                        public void onCompleted() {}
                    })
                    .onNext(SiteFrame.newBuilder()
                            .setHello(Hello.newBuilder()
                                    .setVersions(ProtocolVersions.newBuilder()
                                            .setMinimum(2)
                                            .setMaximum(3)))
                            .build());
            assertThat(refused.get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("FAILED_PRECONDITION")
                    .hasMessageContaining("the site speaks 2 to 3, this coordinator speaks 1 to 1")
                    .hasMessageContaining("upgrade the coordinator");
        } finally {
            channel.shutdownNow();
        }
        assertLogged("connection.refused", "no common protocol version");
    }
}
