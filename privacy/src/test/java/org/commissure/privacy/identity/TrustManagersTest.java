package org.commissure.privacy.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real TLS handshakes over loopback with the JDK's own stack. */
@NullUnmarked
class TrustManagersTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    private Path folder;

    private FederationAuthority ours;
    private FederationAuthority foreign;
    private TlsIdentity coordinator;
    private TrustManager sites;
    private TrustManager coordinators;

    @BeforeEach
    void createFederations() {
        ours = FederationAuthority.create(folder.resolve("a"), "net", CLOCK);
        foreign = FederationAuthority.create(folder.resolve("b"), "net", CLOCK);
        coordinator = ours.issueTls(Role.COORDINATOR, "coordinator", List.of("localhost"));
        sites = new FederationTrustManager(ours.certificate(), CLOCK, EnumSet.of(Role.SITE, Role.OPERATOR));
        coordinators = new FederationTrustManager(ours.certificate(), CLOCK, EnumSet.of(Role.COORDINATOR));
    }

    @Test
    void membersTalkAndTheServerSeesTheClientsCertificate() throws Exception {
        TlsIdentity site = ours.issueTls(Role.SITE, "NYU", List.of());
        assertThat(Handshakes.handshake(coordinator, sites, site, coordinators)).isEqualTo(site.certificate());
    }

    @Test
    void aForeignOrExpiredOrMisplacedPeerIsRefused() {
        TlsIdentity site = ours.issueTls(Role.SITE, "NYU", List.of());
        TlsIdentity foreignSite = foreign.issueTls(Role.SITE, "NYU", List.of());
        TlsIdentity foreignCoordinator = foreign.issueTls(Role.COORDINATOR, "coordinator", List.of("localhost"));
        Instant now = CLOCK.instant();
        TlsIdentity expired = ours.issueTls(
                Role.SITE, "NYU", List.of(), now.minus(Duration.ofDays(4)), now.minus(Duration.ofDays(3)));

        assertRefused(
                () -> Handshakes.handshake(coordinator, sites, foreignSite, coordinators),
                "issued by another federation");
        assertRefused(() -> Handshakes.handshake(coordinator, sites, expired, coordinators), "expired on");
        assertRefused(
                () -> Handshakes.handshake(foreignCoordinator, sites, site, coordinators),
                "issued by another federation");
        assertRefused(() -> Handshakes.handshake(site, sites, site, coordinators), "is a site's, but a coordinator's");
    }

    @Test
    void enrolmentTrustsOnlyTheAuthorityOfTheInvitation() throws Exception {
        TrustManager pinned = new PinnedAuthorityTrustManager(Certificates.fingerprint(ours.certificate()));
        TlsIdentity foreignCoordinator = foreign.issueTls(Role.COORDINATOR, "coordinator", List.of("localhost"));
        // An impostor who shows the right authority at the end of the chain cannot have its signature.
        TlsIdentity impostor = new TlsIdentity(
                foreignCoordinator.key(),
                List.of(foreignCoordinator.certificate(), foreign.issuing(), ours.certificate()));
        TlsIdentity site = ours.issueTls(Role.SITE, "NYU", List.of("localhost"));

        Handshakes.handshake(coordinator, null, null, pinned);
        assertRefused(
                () -> Handshakes.handshake(foreignCoordinator, null, null, pinned), "not the one in the invitation");
        assertRefused(() -> Handshakes.handshake(impostor, null, null, pinned), "issued by another federation");
        assertRefused(() -> Handshakes.handshake(site, null, null, pinned), "is a site's, but a coordinator's");
    }

    private interface Attempt {
        Object run() throws Exception;
    }

    private static void assertRefused(Attempt attempt, String why) {
        assertThatThrownBy(attempt::run).satisfies(e -> {
            StringBuilder messages = new StringBuilder();
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                messages.append(cause.getMessage()).append(' ');
                for (Throwable other : cause.getSuppressed()) {
                    messages.append(other.getMessage()).append(' ');
                }
            }
            assertThat(messages.toString()).contains(why);
        });
    }
}
