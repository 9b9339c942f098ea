package org.commissure.privacy.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.NullUnmarked;

/** Real TLS 1.3 handshakes over loopback with the JDK's own stack. */
@NullUnmarked
final class Handshakes {
    private static final Clock CLOCK = Clock.systemUTC();

    private Handshakes() {}

    /** A coordinator and a site, each trusting members of the federation only. */
    static X509Certificate mutual(TlsIdentity coordinator, TlsIdentity site, X509Certificate root) throws Exception {
        return handshake(
                coordinator,
                new FederationTrustManager(root, CLOCK, EnumSet.of(Role.SITE)),
                site,
                new FederationTrustManager(root, CLOCK, EnumSet.of(Role.COORDINATOR)));
    }

    /** One TLS 1.3 connection; returns the client's certificate as the server saw it. */
    static X509Certificate handshake(
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
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(
                identity == null ? null : new KeyManager[] {new IdentityKeyManager(identity)},
                trust == null ? null : new TrustManager[] {trust},
                null);
        return context;
    }
}
