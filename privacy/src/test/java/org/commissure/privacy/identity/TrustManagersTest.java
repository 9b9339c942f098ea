package org.commissure.privacy.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
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
        assertThat(handshake(coordinator, sites, site, coordinators)).isEqualTo(site.certificate());
    }

    @Test
    void aForeignOrExpiredOrMisplacedPeerIsRefused() {
        TlsIdentity site = ours.issueTls(Role.SITE, "NYU", List.of());
        TlsIdentity foreignSite = foreign.issueTls(Role.SITE, "NYU", List.of());
        TlsIdentity foreignCoordinator = foreign.issueTls(Role.COORDINATOR, "coordinator", List.of("localhost"));
        Instant now = CLOCK.instant();
        TlsIdentity expired = ours.issueTls(
                Role.SITE, "NYU", List.of(), now.minus(Duration.ofDays(4)), now.minus(Duration.ofDays(3)));

        assertRefused(() -> handshake(coordinator, sites, foreignSite, coordinators), "issued by another federation");
        assertRefused(() -> handshake(coordinator, sites, expired, coordinators), "expired on");
        assertRefused(() -> handshake(foreignCoordinator, sites, site, coordinators), "issued by another federation");
        assertRefused(() -> handshake(site, sites, site, coordinators), "is a site's, but a coordinator's");
    }

    @Test
    void enrolmentTrustsOnlyTheAuthorityOfTheInvitation() throws Exception {
        TrustManager pinned = new PinnedAuthorityTrustManager(Certificates.fingerprint(ours.certificate()));
        TlsIdentity foreignCoordinator = foreign.issueTls(Role.COORDINATOR, "coordinator", List.of("localhost"));
        // An impostor who shows the right authority at the end of the chain cannot have its signature.
        TlsIdentity impostor = new TlsIdentity(
                foreignCoordinator.key(), List.of(foreignCoordinator.certificate(), ours.certificate()));
        TlsIdentity site = ours.issueTls(Role.SITE, "NYU", List.of("localhost"));

        handshake(coordinator, null, null, pinned);
        assertRefused(() -> handshake(foreignCoordinator, null, null, pinned), "not the one in the invitation");
        assertRefused(() -> handshake(impostor, null, null, pinned), "issued by another federation");
        assertRefused(() -> handshake(site, null, null, pinned), "is a site's, but a coordinator's");
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

    /** One TLS 1.3 connection; returns the client's certificate as the server saw it. */
    private static X509Certificate handshake(
            TlsIdentity server, TrustManager serverTrust, TlsIdentity client, TrustManager clientTrust)
            throws Exception {
        SSLContext serverContext = context(server, serverTrust);
        try (SSLServerSocket listener =
                (SSLServerSocket) serverContext.getServerSocketFactory().createServerSocket(0)) {
            listener.setNeedClientAuth(client != null);
            CompletableFuture<X509Certificate> seen = CompletableFuture.supplyAsync(() -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.startHandshake();
                    socket.getOutputStream().write(1);
                    return client == null
                            ? server.certificate()
                            : (X509Certificate) socket.getSession().getPeerCertificates()[0];
                } catch (Exception e) {
                    throw new CompletionException(e);
                }
            });
            Exception clientProblem = null;
            try (SSLSocket socket = (SSLSocket) context(client, clientTrust)
                    .getSocketFactory()
                    .createSocket("localhost", listener.getLocalPort())) {
                socket.startHandshake();
                assertThat(socket.getInputStream().read()).isEqualTo(1);
            } catch (IOException e) {
                clientProblem = e;
            }
            try {
                X509Certificate certificate = seen.get();
                if (clientProblem != null) {
                    throw clientProblem;
                }
                return certificate;
            } catch (ExecutionException e) {
                if (clientProblem != null) {
                    e.addSuppressed(clientProblem);
                }
                throw e;
            }
        }
    }

    private static SSLContext context(TlsIdentity identity, TrustManager trust) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        if (identity != null) {
            store.setKeyEntry(
                    "key", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
        }
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), trust == null ? null : new TrustManager[] {trust}, null);
        return context;
    }
}
