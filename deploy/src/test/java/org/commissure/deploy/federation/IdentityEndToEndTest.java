package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.identity.Invitation;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.commissure.protocol.v1.Fact;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From invitations to connected sites, renewals under way, a revocation, and people with roles; real processes. */
@Tag("e2e")
@Order(1) // long
final class IdentityEndToEndTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration RUN = Duration.ofSeconds(240);
    private static final int SHORT_LIFE_SECONDS = 30;

    /** The federation with TLS certificates that are renewed every twenty seconds, its root taken away, and its sites. */
    private static TinyFederation joined(Path folder, String host, Map<String, String> environment) throws IOException {
        TinyFederation tiny = new TinyFederation(folder);
        ProcessFederation processes = tiny.processes();
        processes.initialise("tiny", host, LoopbackPorts.free());
        Files.writeString(
                processes.coordinatorHome().resolve("coordinator.toml"),
                "tls_certificate_seconds = " + SHORT_LIFE_SECONDS + "\n",
                StandardOpenOption.APPEND);
        Files.move(folder.resolve("coordinator-root"), folder.resolve("offline"));
        processes.startCoordinator();
        for (String site : TinyFederation.SITES) {
            Path invitation = processes.invite(site);
            List<String> more = new ArrayList<>(tiny.policy());
            more.addAll(List.of("--fingerprint", Invitation.read(invitation).authoritySha256()));
            processes.joinAndServe(site, invitation, tiny.cohort(site), more, environment);
        }
        tiny.awaitConnected();
        return tiny;
    }

    private static void finishARun(TinyFederation tiny, int rounds) {
        ProcessFederation processes = tiny.processes();
        processes.startRun("identity", tiny.study(TinyFederation.template(), rounds));
        assertThat(processes.watch().until(run -> run.state().terminal(), RUN))
                .as("the run ends; last seen: %s", processes.watch().newest())
                .isTrue();
        assertThat(processes.watch().newest().orElseThrow().state()).isEqualTo(RunOutcome.FINISHED);
    }

    @Test
    void certificatesAreRenewedInARunASiteIsRevokedAndAnOfficerOnlyReads(@TempDir Path folder) throws IOException {
        try (TinyFederation tiny = joined(folder, "127.0.0.1", Map.of())) {
            ProcessFederation processes = tiny.processes();
            TinyFederation.SITES.forEach(
                    site -> processes.site(site).await("this site's TLS certificate was renewed", PATIENCE));
            finishARun(tiny, 2);
            for (String site : TinyFederation.SITES) {
                String said = processes.site(site).said();
                assertThat(said).contains("this site's TLS certificate was renewed");
                assertThat(said.split("connected to the coordinator", -1))
                        .as("the control stream of %s stayed open: %s", site, said)
                        .hasSize(2);
            }
            assertThat(logged(processes, "certificate.renewed", "member")).containsAll(TinyFederation.SITES);
            officerReadsAndCannotCancel(processes, folder);
            siteIsRevoked(processes);
            assertThat(processes
                            .launcher()
                            .run("audit", "verify", processes.log().toString())
                            .exit())
                    .isZero();
        }
    }

    private static List<String> logged(ProcessFederation processes, String action, String fact) {
        return LogReader.read(processes.log()).stream()
                .filter(entry -> entry.entry().getAction().equals(action))
                .flatMap(entry -> entry.entry().getFactList().stream())
                .filter(stated -> stated.getName().equals(fact))
                .map(Fact::getValue)
                .distinct()
                .toList();
    }

    private static void officerReadsAndCannotCancel(ProcessFederation processes, Path folder) {
        Launcher launcher = processes.launcher();
        String home = processes.coordinatorHome().toString();
        String anna = folder.resolve("anna").toString();
        String request = folder.resolve("anna.json").toString();
        String certificates = folder.resolve("anna-certificates.json").toString();
        launcher.run(
                        "coordinator",
                        "members",
                        "request",
                        "--identity",
                        anna,
                        "--federation",
                        "tiny",
                        "--role",
                        "privacy-officer",
                        "--name",
                        "anna",
                        "--out",
                        request)
                .orThrow();
        Finished shown = launcher.run("coordinator", "members", "issue", request, "--home", home, "--json");
        assertThat(shown.exit()).as("only shown").isEqualTo(1);
        String fingerprint = shown.output().replaceFirst("(?s).*\"requestSha256\":\"([0-9a-f]{64})\".*", "$1");
        launcher.run(
                        "coordinator",
                        "members",
                        "issue",
                        request,
                        "--home",
                        home,
                        "--fingerprint",
                        fingerprint,
                        "--out",
                        certificates)
                .orThrow();
        launcher.run(
                        "coordinator",
                        "members",
                        "install",
                        certificates,
                        "--identity",
                        anna,
                        "--root-fingerprint",
                        Invitation.read(folder.resolve("invitation-A.json")).authoritySha256())
                .orThrow();
        assertThat(launcher.run("coordinator", "run", "status", "--identity", anna)
                        .exit())
                .isZero();
        Finished refused = launcher.run("coordinator", "run", "cancel", "--identity", anna, "--reason", "mine");
        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.errors()).contains("is a privacy-officer's, but a coordinator-operator's is needed");
    }

    private static void siteIsRevoked(ProcessFederation processes) {
        Launcher launcher = processes.launcher();
        String home = processes.coordinatorHome().toString();
        launcher.run("coordinator", "sites", "revoke", "A", "--home", home, "--reason", "the disk was stolen")
                .orThrow();
        processes.site("A").await("site 'A' was revoked on", PATIENCE);
        processes.site("A").await("the disk was stolen", PATIENCE);
        assertThat(Waiting.until(() -> !processes.site("A").isAlive(), PATIENCE))
                .isTrue();
        processes.site("B").await("deny list 1 of the federation was taken over", PATIENCE);
        assertThat(launcher.run("coordinator", "sites", "list", "--home", home).output())
                .contains("site A revoked on")
                .contains("the disk was stolen");
        assertThat(logged(processes, "member.revoked", "member")).containsExactly("A");
    }

    @Test
    void aFederationBehindAnHttpConnectProxyJoinsAndFinishesARound(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/tinyproxy")), "no tinyproxy here: apt-get install tinyproxy");
        Optional<String> address = outsideAddress();
        Assumptions.assumeTrue(address.isPresent(), "this machine has no address but loopback, which is never proxied");
        int proxyPort = LoopbackPorts.free();
        Path config = Files.writeString(
                folder.resolve("tinyproxy.conf"),
                "Port " + proxyPort + "\nListen 127.0.0.1\nTimeout 600\nMaxClients 100\nLogFile \""
                        + folder.resolve("tinyproxy.log") + "\"\nLogLevel Connect\n");
        Process proxy = new ProcessBuilder("tinyproxy", "-d", "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("tinyproxy.out").toFile())
                .start();
        Map<String, String> environment = Map.of("HTTPS_PROXY", "http://127.0.0.1:" + proxyPort, "NO_PROXY", "");
        try (TinyFederation tiny = joined(folder, address.get(), environment)) {
            for (String site : TinyFederation.SITES) {
                assertThat(tiny.processes().site(site).said())
                        .contains("127.0.0.1:" + proxyPort + " opens a tunnel to " + address.get());
            }
            finishARun(tiny, 1);
            assertThat(Files.readString(folder.resolve("tinyproxy.log"))).contains("CONNECT " + address.get() + ":");
            copyTheLog(tiny.processes(), folder.resolve("log-copy"), environment);
            assertThat(Files.readString(folder.resolve("tinyproxy.log")))
                    .contains("CONNECT "
                            + URI.create(tiny.processes().logAddress()).getAuthority());
        } finally {
            proxy.destroy();
        }
    }

    private static void copyTheLog(ProcessFederation processes, Path copy, Map<String, String> environment) {
        Launcher launcher = processes.launcher();
        String home = processes.siteHome("A").toString();
        launcher.run(environment, List.of("audit", "copy", processes.logAddress(), copy.toString(), "--home", home))
                .orThrow();
        launcher.run("audit", "verify", copy.toString()).orThrow();
    }

    private static Optional<String> outsideAddress() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .filter(java.net.Inet4Address.class::isInstance)
                .map(InetAddress::getHostAddress)
                .findFirst();
    }
}
