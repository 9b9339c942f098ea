package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.identity.CertificateFile;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.DenyList;
import org.commissure.privacy.identity.EnrolmentRequests;
import org.commissure.privacy.identity.EnrolmentToken;
import org.commissure.privacy.identity.FederationTrustManager;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Invitation;
import org.commissure.privacy.identity.RequestFile;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.ProtocolVersion;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.ApproveRunRequest;
import org.commissure.protocol.v1.CancelRunRequest;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.FederationGrpc;
import org.commissure.protocol.v1.Heartbeat;
import org.commissure.protocol.v1.Hello;
import org.commissure.protocol.v1.OperatorGrpc;
import org.commissure.protocol.v1.RenewRequest;
import org.commissure.protocol.v1.RunApproval;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.StatusRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Revocation, renewal, roles and approvals against a real coordinator over TLS. */
@Timeout(240)
class MembersTest {
    private static final int SHORT_LIFE_SECONDS = 12;

    @TempDir
    Path folder;

    private TestFederation federation;

    @BeforeEach
    void open() throws Exception {
        federation = new TestFederation(folder, OptionalInt.of(SHORT_LIFE_SECONDS), OptionalInt.of(2), "A", "B");
    }

    @AfterEach
    void close() {
        federation.close();
    }

    /** A control stream that remembers what it heard and how it ended. */
    private static final class Line implements StreamObserver<CoordinatorFrame> {
        final LinkedBlockingQueue<CoordinatorFrame> heard = new LinkedBlockingQueue<>();
        final CompletableFuture<Throwable> ended = new CompletableFuture<>();
        final StreamObserver<SiteFrame> out;

        Line(ManagedChannel channel) {
            out = FederationGrpc.newStub(channel).participate(this);
            out.onNext(SiteFrame.newBuilder()
                    .setHello(Hello.newBuilder().setVersions(ProtocolVersion.supported()))
                    .build());
        }

        CoordinatorFrame await(CoordinatorFrame.BodyCase kind) throws InterruptedException {
            for (int i = 0; i < 50; i++) {
                CoordinatorFrame frame = heard.poll(20, TimeUnit.SECONDS);
                assertThat(frame).as("a frame of kind " + kind).isNotNull();
                if (frame != null && frame.getBodyCase() == kind) {
                    return frame;
                }
            }
            throw new AssertionError("no " + kind);
        }

        void beats(long sequence) throws InterruptedException {
            out.onNext(SiteFrame.newBuilder()
                    .setHeartbeat(Heartbeat.newBuilder().setSequence(sequence))
                    .build());
            assertThat(await(CoordinatorFrame.BodyCase.HEARTBEAT).getHeartbeat().getSequence())
                    .isEqualTo(sequence);
        }

        @Override
        public void onNext(CoordinatorFrame frame) {
            heard.add(frame);
        }

        @Override
        public void onError(Throwable problem) {
            ended.complete(problem);
        }

        @Override
        public void onCompleted() {
            ended.complete(new IllegalStateException("completed"));
        }
    }

    private ManagedChannel channel(TlsIdentity identity) {
        return FakeSite.channel(
                federation.port,
                identity,
                new FederationTrustManager(identity.authority(), Clock.systemUTC(), EnumSet.of(Role.COORDINATOR)));
    }

    private Members members() {
        return Members.of(federation.home, Clock.systemUTC());
    }

    private void assertLogged(String action, String fact, String value) throws InterruptedException {
        TestFederation.eventually(() -> LogReader.read(federation.home.log()).stream()
                .anyMatch(entry -> entry.entry().getAction().equals(action)
                        && entry.entry().getFactList().stream()
                                .anyMatch(f ->
                                        f.getName().equals(fact) && f.getValue().equals(value))));
    }

    @Test
    void aRevokedSiteIsCutAndToldWhyAlsoAfterARestartAndOthersLearnOfIt() throws Exception {
        TlsIdentity a = federation.sites.getFirst().tls();
        ManagedChannel ofA = channel(a);
        ManagedChannel ofB = channel(federation.sites.get(1).tls());
        try {
            Line lineA = new Line(ofA);
            Line lineB = new Line(ofB);
            lineA.await(CoordinatorFrame.BodyCase.WELCOME);
            lineB.await(CoordinatorFrame.BodyCase.WELCOME);
            try (Members members = members()) {
                members.revoke(Role.SITE, "A", "the disk was stolen");
                assertThatThrownBy(() -> members.revoke(Role.SITE, "A", "again"))
                        .isInstanceOf(UserError.class)
                        .hasMessageContaining("is revoked already");
                assertThatThrownBy(() -> members.revoke(Role.SITE, "Z", "unknown"))
                        .hasMessageContaining("no site 'Z' is enrolled");
            }
            assertThat(lineA.ended.get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("UNAUTHENTICATED")
                    .hasMessageContaining("site 'A' was revoked on")
                    .hasMessageContaining("the disk was stolen");
            byte[] list = lineB.await(CoordinatorFrame.BodyCase.DENY_LIST)
                    .getDenyList()
                    .toByteArray();
            DenyList denied = DenyList.open(list, new CertificateVerifier(a.authority(), Clock.systemUTC()));
            assertThat(denied.standing(Role.SITE, "A")).isPresent();
            assertLogged("member.revoked", "member", "A");
            lineB.beats(7);
        } finally {
            ofA.shutdownNow();
            ofB.shutdownNow();
        }
        federation.reopen();
        ManagedChannel again = channel(a);
        try {
            assertThat(new Line(again).ended.get(20, TimeUnit.SECONDS)).hasMessageContaining("was revoked on");
        } finally {
            again.shutdownNow();
        }
        assertThatThrownBy(() -> federation.home.invite("A", 24, Clock.systemUTC()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("was revoked");
    }

    @Test
    void aReadmittedSiteEnrolsAnewAndItsOldCertificateStaysDenied() throws Exception {
        TlsIdentity old = federation.sites.getFirst().tls();
        try (Members members = members()) {
            members.revoke(Role.SITE, "A", "the disk was stolen");
            Thread.sleep(1_100); // certificates carry whole seconds
            members.readmit(Role.SITE, "A", "new machine");
        }
        Invitation invitation = federation.home.invite("A", 24, Clock.systemUTC());
        TestFederation.eventually(() -> {
            FakeSite.enrolled(invitation, EnrolmentToken.decode(invitation.token()), federation.port, folder, 1)
                    .close();
            return true;
        });
        ManagedChannel channel = channel(old);
        try {
            assertThat(new Line(channel).ended.get(20, TimeUnit.SECONDS)).hasMessageContaining("was revoked on");
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void streamsStayOpenWhileBothSidesCertificatesAreRenewed() throws Exception {
        FakeSite site = federation.sites.getFirst();
        ManagedChannel channel = channel(site.tls());
        try {
            Line line = new Line(channel);
            line.await(CoordinatorFrame.BodyCase.WELCOME);
            EnrolmentRequests requests = EnrolmentRequests.generate("A");
            var response = FederationGrpc.newBlockingStub(channel)
                    .renew(RenewRequest.newBuilder()
                            .setTlsRequest(ByteString.copyFrom(requests.tlsRequestDer()))
                            .build());
            assertThat(response.getSigningCertificate()).isEmpty();
            TlsIdentity renewed = requests.tlsIdentity(
                    Certificates.fromDer(response.getTlsCertificate().toByteArray()),
                    site.tls().authority());
            assertLogged("certificate.renewed", "member", "A");

            IdentityStore own = new IdentityStore(federation.home.identity());
            var first = own.loadTls().certificate();
            TestFederation.eventually(() -> !own.loadTls().certificate().equals(first));
            assertLogged("certificate.renewed", "member", "coordinator");
            line.beats(1);
            ManagedChannel fresh = channel(renewed);
            try {
                Line second = new Line(fresh);
                second.await(CoordinatorFrame.BodyCase.WELCOME);
                second.beats(2);
                assertThat(line.ended.get(20, TimeUnit.SECONDS)).hasMessageContaining("replaced by a newer connection");
            } finally {
                fresh.shutdownNow();
            }
        } finally {
            channel.shutdownNow();
        }
    }

    private record Person(TlsIdentity tls, SigningIdentity signing) {}

    private Person person(Role role, String name) {
        EnrolmentRequests requests = EnrolmentRequests.generate(name);
        RequestFile request = RequestFile.of("test", role, name, requests);
        try (Members members = members()) {
            assertThatThrownBy(() -> members.issue(request, "0".repeat(64)))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("fingerprint");
            CertificateFile issued = members.issue(request, request.fingerprint());
            return new Person(
                    requests.tlsIdentity(
                            CertificateFile.certificate(issued.tls()), CertificateFile.certificate(issued.root())),
                    requests.signingIdentity(CertificateFile.certificate(issued.signing())));
        }
    }

    @Test
    void anOfficerReadsButCannotStartCancelOrApprove() throws Exception {
        for (Role role : EnumSet.of(Role.PRIVACY_OFFICER, Role.NEUROSCIENTIST, Role.DATA_STEWARD, Role.SITE_ADMIN)) {
            ManagedChannel channel = channel(person(role, "anna").tls());
            try {
                OperatorGrpc.OperatorBlockingStub stub = OperatorGrpc.newBlockingStub(channel);
                assertThatThrownBy(() -> stub.getStatus(StatusRequest.getDefaultInstance()))
                        .hasMessageContaining("there was no run yet");
                assertThatThrownBy(() -> stub.cancelRun(CancelRunRequest.getDefaultInstance()))
                        .hasMessageContaining("UNAUTHENTICATED")
                        .hasMessageContaining("is a " + role.text() + "'s, but a coordinator-operator's is needed");
                assertThatThrownBy(() -> stub.approveRun(ApproveRunRequest.getDefaultInstance()))
                        .hasMessageContaining("UNAUTHENTICATED");
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private int approve(Person operator, String named, ByteString plan) {
        ManagedChannel channel = channel(operator.tls());
        try {
            return OperatorGrpc.newBlockingStub(channel)
                    .approveRun(ApproveRunRequest.newBuilder()
                            .setApproval(operator.signing()
                                    .sign(RunApproval.newBuilder()
                                            .setFederationId("test")
                                            .setOperator(named)
                                            .setPlanSha256(plan)
                                            .setApprovedUnixMs(1)
                                            .build()))
                            .setCertificate(ByteString.copyFrom(
                                    Certificates.der(operator.signing().certificate())))
                            .build())
                    .getApprovals();
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void twoDifferentOperatorsMustApproveAndNobodyApprovesForAnother() throws Exception {
        Person anna = person(Role.OPERATOR, "anna");
        Person bob = person(Role.OPERATOR, "bob");
        Path model = Files.write(folder.resolve("model"), new byte[] {1});
        ByteString plan = Approvals.planSha256("study", model);
        assertThat(approve(anna, "anna", plan)).isEqualTo(1);
        assertThat(approve(anna, "anna", plan)).isEqualTo(1);
        assertThatThrownBy(() -> approve(anna, "bob", plan)).hasMessageContaining("the approval is refused");
        assertThat(approve(bob, "bob", Approvals.planSha256("another study", model)))
                .isEqualTo(1);
        assertThat(approve(bob, "bob", plan)).isEqualTo(2);
        assertLogged("run.approved", "operator", "bob");
    }

    @Test
    void aSiteEnrolledByFileConnects() throws Exception {
        EnrolmentRequests requests = EnrolmentRequests.generate("C");
        RequestFile request = RequestFile.of("test", Role.SITE, "C", requests);
        Path file = folder.resolve("c.json");
        request.write(file);
        try (Members members = members()) {
            RequestFile read = RequestFile.read(file);
            assertThat(read.certificateName()).isEqualTo(new CertificateName("test", Role.SITE, "C"));
            CertificateFile issued = members.issue(read, request.fingerprint());
            ManagedChannel channel = channel(requests.tlsIdentity(
                    CertificateFile.certificate(issued.tls()), CertificateFile.certificate(issued.root())));
            try {
                new Line(channel).await(CoordinatorFrame.BodyCase.WELCOME);
            } finally {
                channel.shutdownNow();
            }
        }
        assertLogged("site.enrolled", "site", "C");
    }
}
