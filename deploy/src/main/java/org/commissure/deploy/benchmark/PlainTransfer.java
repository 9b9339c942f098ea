package org.commissure.deploy.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.commissure.privacy.identity.FederationTrustManager;
import org.commissure.privacy.identity.IdentityKeyManager;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.TlsIdentity;

/**
 * What moving a round's bytes costs and nothing else: every site at once receives a model and sends a vector of zeros
 * over mutual TLS 1.3 on loopback, with the federation's own certificates. Connections are open before time is taken.
 */
final class PlainTransfer {
    private static final int PIECE_BYTES = 64 << 10;

    private final SSLContext server;
    private final List<SSLContext> sites = new ArrayList<>();
    private final long bytesDown;
    private final long bytesUp;

    /**
     * @param bytesDown that each site receives
     * @param bytesUp that it sends when it has them
     */
    PlainTransfer(TlsIdentity coordinator, List<TlsIdentity> sites, long bytesDown, long bytesUp) {
        this.server = context(coordinator, Role.SITE);
        sites.forEach(site -> this.sites.add(context(site, Role.COORDINATOR)));
        this.bytesDown = bytesDown;
        this.bytesUp = bytesUp;
    }

    private static SSLContext context(TlsIdentity own, Role peer) {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    new KeyManager[] {new IdentityKeyManager(own)},
                    new TrustManager[] {new FederationTrustManager(own.authority(), Clock.systemUTC(), EnumSet.of(peer))
                    },
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
    }

    /** Until the last site's last byte has arrived, in seconds. */
    double seconds() throws IOException, InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        try (SSLServerSocket listening = (SSLServerSocket) server.getServerSocketFactory()
                        .createServerSocket(0, sites.size(), InetAddress.getLoopbackAddress());
                ExecutorService threads = Executors.newThreadPerTaskExecutor(
                        Thread.ofPlatform().daemon().factory())) {
            listening.setNeedClientAuth(true);
            List<Future<?>> ends = new ArrayList<>();
            List<SSLSocket> open = new ArrayList<>();
            for (SSLContext site : sites) {
                SSLSocket client = (SSLSocket) site.getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
                SSLSocket accepted = (SSLSocket) listening.accept();
                open.add(client);
                open.add(accepted);
                Future<?> handshake = threads.submit(() -> {
                    accepted.startHandshake();
                    return null;
                });
                client.startHandshake();
                handshake.get();
                ends.add(threads.submit(() -> serve(accepted, start)));
                ends.add(threads.submit(() -> take(client, start)));
            }
            long before = System.nanoTime();
            start.countDown();
            for (Future<?> end : ends) {
                end.get();
            }
            double seconds = (System.nanoTime() - before) / 1e9;
            for (SSLSocket socket : open) {
                socket.close();
            }
            return seconds;
        } catch (ExecutionException e) {
            throw new IOException("the plain transfer failed", e.getCause());
        }
    }

    private Void serve(SSLSocket site, CountDownLatch start) throws IOException, InterruptedException {
        start.await();
        send(site.getOutputStream(), bytesDown);
        receive(site.getInputStream(), bytesUp);
        return null;
    }

    private Void take(SSLSocket coordinator, CountDownLatch start) throws IOException, InterruptedException {
        start.await();
        receive(coordinator.getInputStream(), bytesDown);
        send(coordinator.getOutputStream(), bytesUp);
        return null;
    }

    private static void send(OutputStream out, long bytes) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        for (long left = bytes; left > 0; left -= PIECE_BYTES) {
            out.write(piece, 0, (int) Math.min(PIECE_BYTES, left));
        }
        out.flush();
    }

    private static void receive(InputStream in, long bytes) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        long left = bytes;
        while (left > 0) {
            int read = in.read(piece, 0, (int) Math.min(PIECE_BYTES, left));
            if (read < 0) {
                throw new IOException("the connection ended " + left + " bytes early");
            }
            left -= read;
        }
    }
}
