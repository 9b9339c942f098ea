package org.commissure.site.connection;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The channel to the coordinator, which is replaced when the site's certificate is: calls that begin take the newest,
 * calls that are under way go on where they are, to their end. Thread-safe.
 */
final class RotatingChannel implements Supplier<Channel>, AutoCloseable {
    private final Supplier<ManagedChannel> opener;
    /** Replaced ones on which something may still be under way. */
    private final Set<ManagedChannel> ending = new HashSet<>();

    private ManagedChannel newest;
    private boolean closed;

    /** @param opener makes a channel with the site's present certificate */
    RotatingChannel(Supplier<ManagedChannel> opener) {
        this.opener = opener;
        this.newest = opener.get();
    }

    @Override
    public synchronized Channel get() {
        return newest;
    }

    /** Opens a new channel for calls that begin from now on. */
    synchronized void replace() {
        if (closed) {
            return;
        }
        ending.removeIf(ManagedChannel::isTerminated);
        ending.add(newest);
        newest.shutdown(); // refuses new calls only
        newest = opener.get();
    }

    /**
     * Opens a channel to another address. Whatever waits on the old ones fails, and may try again on the new one: an
     * upload that waits for a coordinator which never comes back would wait for ever.
     */
    synchronized void move() {
        if (closed) {
            return;
        }
        ending.forEach(ManagedChannel::shutdownNow);
        ending.clear();
        newest.shutdownNow();
        newest = opener.get();
    }

    @Override
    public synchronized void close() {
        closed = true;
        newest.shutdownNow();
        ending.forEach(ManagedChannel::shutdownNow);
    }
}
