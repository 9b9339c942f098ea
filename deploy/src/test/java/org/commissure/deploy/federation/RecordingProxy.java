package org.commissure.deploy.federation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes TCP connections on, byte for byte, and keeps a copy of everything that went either way. */
final class RecordingProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream toCoordinator = new ByteArrayOutputStream();
    private final ByteArrayOutputStream toSites = new ByteArrayOutputStream();

    /** @param target port of the coordinator on loopback */
    RecordingProxy(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    byte[] toCoordinator() {
        return toCoordinator.toByteArray();
    }

    byte[] toSites() {
        return toSites.toByteArray();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket site = listener.accept();
                Socket coordinator = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.addAll(List.of(site, coordinator));
                Thread.ofVirtual().start(() -> pump(site, coordinator, toCoordinator));
                Thread.ofVirtual().start(() -> pump(coordinator, site, toSites));
            } catch (IOException e) {
                // The listener was closed, or the coordinator refused: the site will dial again.
            }
        }
    }

    private static void pump(Socket from, Socket to, ByteArrayOutputStream record) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                record.write(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // One end hung up; closing both tells the other.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
