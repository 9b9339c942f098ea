package org.commissure.coordinator.federation;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.commissure.coordinator.console.SitePresence;
import org.commissure.coordinator.round.Outbound;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.jspecify.annotations.Nullable;

/** The open control streams, one per site: the newest replaces an older one. Thread-safe. */
final class SiteConnections implements Outbound {
    private final Map<String, ControlStream> streams = new ConcurrentHashMap<>();
    private final Map<String, SitePresence> presences = new ConcurrentHashMap<>();

    /** The site said Hello, or anything since. */
    void seen(String site, SitePresence presence) {
        presences.put(site, presence);
    }

    /** When each site was heard last; a site that was not since this process started is missing. */
    Map<String, SitePresence> presences() {
        return Map.copyOf(presences);
    }

    /** @return the stream that {@code stream} replaces */
    @Nullable
    ControlStream opened(String site, ControlStream stream) {
        return streams.put(site, stream);
    }

    /** @return whether {@code stream} was the site's newest, so that the site is gone now */
    boolean closed(String site, ControlStream stream) {
        return streams.remove(site, stream);
    }

    /** Ends the site's stream, if it has one, and tells it why. */
    void cut(String site, String reason) {
        ControlStream stream = streams.get(site);
        if (stream != null) {
            stream.refuse(reason);
        }
    }

    @Override
    public void send(String site, int bytes, Supplier<CoordinatorFrame> frame) {
        ControlStream stream = streams.get(site);
        if (stream != null) {
            stream.send(bytes, frame);
        }
    }

    @Override
    public Set<String> connected() {
        return Set.copyOf(streams.keySet());
    }
}
