package org.commissure.site.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells open overviews what changed, as server-sent events. Confined to the event loop, but for the reading. */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 16;
    /** A proxy or an idle timeout ends what says nothing for long. */
    private static final int SILENT_TICKS = 15;

    private final LiveStatus live;
    private final Executor work;
    private final Set<HttpServerResponse> listeners = new HashSet<>();
    private String last = "";
    private int silent;
    private boolean reading;

    Events(LiveStatus live, Executor work) {
        this.live = live;
        this.work = work;
    }

    /** @return whether there is room for one more */
    boolean add(HttpServerResponse response) {
        if (listeners.size() >= MOST) {
            return false;
        }
        response.setChunked(true).putHeader("Content-Type", "text/event-stream");
        response.closeHandler(gone -> listeners.remove(response));
        response.exceptionHandler(gone -> listeners.remove(response));
        listeners.add(response);
        var unused = response.write("retry: 3000\n\n" + last);
        return true;
    }

    /** Once a second, on the event loop. */
    void tick(Context loop) {
        if (listeners.isEmpty()) {
            last = ""; // the next listener's page is newer than this, and would reload because of it
            return;
        }
        if (reading) {
            return;
        }
        reading = true;
        try {
            work.execute(() -> {
                String read = read();
                loop.runOnContext(now -> {
                    reading = false;
                    say(read);
                });
            });
        } catch (RejectedExecutionException e) {
            reading = false; // as busy as it can be; the next second asks again
        }
    }

    private String read() {
        try {
            return "data: " + JSON.writeValueAsString(live.now()) + "\n\n";
        } catch (JsonProcessingException | RuntimeException e) {
            LOG.debug("the site's state cannot be read: {}", e.getClass().getName());
            return last;
        }
    }

    private void say(String read) {
        silent++;
        boolean isNew = !read.equals(last);
        if (!isNew && silent < SILENT_TICKS) {
            return;
        }
        silent = 0;
        last = read;
        for (HttpServerResponse response : Set.copyOf(listeners)) {
            if (!response.writeQueueFull()) {
                var unused = response.write(isNew ? read : ": still here\n\n");
            }
        }
    }
}
