package org.commissure.coordinator.console;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.commissure.coordinator.console.access.Sessions;
import org.commissure.coordinator.round.RunSummary;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events: one thread looks at the coordinator twice a second, and what changed goes to everybody who listens. A
 * listener that is slow misses documents, never parts of one; each is whole. Thread-safe.
 */
final class LiveStream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveStream.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);
    /** Below the idle time after which the server closes a connection. */
    private static final int BEATS_BETWEEN_CHECKS = 20;

    private static final int MAXIMUM_LISTENERS = 200;
    private static final int MAXIMUM_PER_PERSON = 8;

    private final Sources sources;
    private final Sessions sessions;
    private final Vertx vertx;
    private final Function<Object, String> json;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    private record Listener(String person, String token, HttpServerResponse response, Context context) {}

    /**
     * What changes while people look.
     *
     * @param queued how many runs wait for their turn
     * @param run the newest one, with its newest round only; null where there was none yet
     */
    record Live(
            Instant now,
            Set<String> connected,
            int queued,
            @Nullable RunSummary run) {}

    LiveStream(Sources sources, Sessions sessions, Vertx vertx, Function<Object, String> json) {
        this.sources = sources;
        this.sessions = sessions;
        this.vertx = vertx;
        this.json = json;
        this.thread = Thread.ofVirtual().name("console-live").start(this::watch);
    }

    /** Called on the connection's event loop, for somebody whom the gate let through. */
    void open(String person, String token, HttpServerResponse response) {
        long own = listeners.stream()
                .filter(listener -> listener.person().equals(person))
                .count();
        if (listeners.size() >= MAXIMUM_LISTENERS || own >= MAXIMUM_PER_PERSON) {
            var unused = response.setStatusCode(503).end();
            return;
        }
        Listener listener = new Listener(person, token, response, vertx.getOrCreateContext());
        response.setChunked(true).putHeader("Content-Type", "text/event-stream; charset=utf-8");
        response.closeHandler(gone -> listeners.remove(listener));
        response.exceptionHandler(problem -> listeners.remove(listener));
        listeners.add(listener);
        var unused = response.write("retry: 3000\n\n");
        Thread.startVirtualThread(() -> send(listener, event(look())));
    }

    private void watch() {
        RunSummary last = null;
        Set<String> lastConnected = Set.of();
        int lastQueued = 0;
        for (int beat = 1; !closed; beat++) {
            try {
                Thread.sleep(INTERVAL);
                if (listeners.isEmpty()) {
                    continue;
                }
                if (beat % BEATS_BETWEEN_CHECKS == 0) {
                    check();
                }
                Live now = look();
                if (!Objects.equals(last, now.run())
                        || !lastConnected.equals(now.connected())
                        || lastQueued != now.queued()) {
                    last = now.run();
                    lastConnected = now.connected();
                    lastQueued = now.queued();
                    String event = event(now);
                    listeners.forEach(listener -> send(listener, event));
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("the live view could not look: {}", e.getMessage());
            }
        }
    }

    private Live look() {
        return new Live(
                sources.clock().instant(),
                sources.connected().get(),
                sources.queue().size(),
                sources.engine().status().map(RunSummary::withNewestRound).orElse(null));
    }

    private String event(Live live) {
        return "event: live\ndata: " + json.apply(live) + "\n\n";
    }

    /** A listener whose session has ended is sent away; the others hear that the connection lives. */
    private void check() {
        for (Listener listener : listeners) {
            if (sessions.find(listener.token(), false).isEmpty()) {
                listeners.remove(listener);
                listener.context().runOnContext(now -> {
                    var unused = listener.response().end("event: signed-out\ndata: {}\n\n");
                });
            } else {
                send(listener, ": here\n\n");
            }
        }
    }

    private static void send(Listener listener, String text) {
        listener.context().runOnContext(now -> {
            if (!listener.response().ended()
                    && !listener.response().closed()
                    && !listener.response().writeQueueFull()) {
                var unused = listener.response().write(text);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
