package org.commissure.site.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.v1.FederationGrpc;
import org.commissure.protocol.v1.NowRequest;
import org.commissure.protocol.v1.NowResponse;
import org.commissure.site.connection.CoordinatorAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real TLS server. */
class PreflightTest {
    @TempDir
    private Path folder;

    private Server server;
    private String root = "";

    @BeforeEach
    void startCoordinator() throws Exception {
        FederationAuthority authority =
                FederationAuthority.create(folder.resolve("authority"), "fed", Clock.systemUTC());
        root = Certificates.fingerprint(authority.certificate());
        TlsIdentity tls = authority.issueTls(Role.COORDINATOR, "coordinator", List.of("localhost"));
        server = NettyServerBuilder.forPort(0)
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(
                                tls.key(), tls.chain().toArray(X509Certificate[]::new)))
                        .build())
                .addService(new FederationGrpc.FederationImplBase() {
                    @Override
                    public void now(NowRequest request, StreamObserver<NowResponse> out) {
                        out.onNext(NowResponse.newBuilder()
                                .setCoordinatorTimeUnixMs(System.currentTimeMillis())
                                .build());
                        out.onCompleted();
                    }
                })
                .build()
                .start();
        Files.writeString(folder.resolve("participants.tsv"), "participant_id\nsub-1\nsub-2\n");
    }

    @AfterEach
    void stopCoordinator() {
        server.shutdownNow();
    }

    private List<Finding> run(String host, int port, String rootSha256, Path data, Clock clock) {
        return new Preflight(
                        List.of(new CoordinatorAddress(host, port)),
                        rootSha256,
                        folder.resolve("home"),
                        data,
                        Optional.empty())
                .run(clock);
    }

    private static Finding finding(List<Finding> findings, String check) {
        return findings.stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow(() -> new AssertionError(check + " is not among " + findings));
    }

    @Test
    void whereAllIsWellEveryCheckSaysWhatItFound() {
        List<Finding> findings = run("localhost", server.getPort(), root, folder, Clock.systemUTC());
        assertThat(findings)
                .extracting(Finding::check)
                .contains("dns", "port", "proxy", "coordinator", "clock", "disk", "memory", "gpu", "data");
        assertThat(findings)
                .filteredOn(finding -> !List.of("memory", "disk").contains(finding.check()))
                .allMatch(Finding::ok);
        assertThat(finding(findings, "data").found()).startsWith("2 participants");
    }

    @Test
    void eachFailureHasItsOwnRemedy() {
        assertThat(finding(run("no-such-host.invalid", 8443, root, folder, Clock.systemUTC()), "dns"))
                .matches(finding -> !finding.ok() && finding.remedy().contains("HTTPS_PROXY"));
        int port = server.getPort();
        assertThat(finding(run("localhost", port, "0".repeat(64), folder, Clock.systemUTC()), "coordinator"))
                .matches(finding -> !finding.ok() && finding.remedy().contains("telephone"));
        Clock fast = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(47));
        assertThat(finding(run("localhost", port, root, folder, fast), "clock"))
                .matches(finding -> finding.found().equals("your clock is 47 minutes ahead of the coordinator's"))
                .matches(finding -> !finding.ok() && finding.remedy().contains("time synchronisation"));
        assertThat(finding(run("localhost", port, root, folder.resolve("none"), Clock.systemUTC()), "data"))
                .matches(finding -> !finding.ok() && finding.remedy().contains("cohort check"));
        server.shutdownNow();
        assertThat(finding(run("localhost", port, root, folder, Clock.systemUTC()), "port"))
                .matches(finding -> !finding.ok() && finding.remedy().contains("firewall"));
    }
}
