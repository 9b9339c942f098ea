package org.commissure.site.console;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.commissure.protocol.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What takes long, because it reads every series: done once, on one thread, while the pages say so. Thread-safe.
 *
 * @param <T> what is read
 */
final class Background<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);
    private static final int MOST = 32;

    private final Clock clock;
    private final Map<String, Reading<T>> readings = new ConcurrentHashMap<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform()
            .name("console-reader")
            .daemon()
            .priority(Thread.MIN_PRIORITY)
            .factory());

    Background(Clock clock) {
        this.clock = clock;
    }

    /** How far a reading is. */
    sealed interface State<T> {}

    record Running<T>(Instant since) implements State<T> {}

    record Done<T>(T value, Instant at) implements State<T> {}

    record Failed<T>(String what, String remedy) implements State<T> {}

    private record Reading<T>(Instant since, Future<State<T>> future) {}

    /** Where the reading named {@code key} stands; begins it where it was not begun. */
    State<T> of(String key, Supplier<T> work) {
        if (readings.size() > MOST) {
            readings.values().removeIf(reading -> reading.future().isDone());
        }
        Reading<T> reading =
                readings.computeIfAbsent(key, name -> new Reading<>(clock.instant(), thread.submit(() -> read(work))));
        return reading.future().isDone() ? reading.future().resultNow() : new Running<>(reading.since());
    }

    /** The next {@link #of} reads again. */
    void forget(String key) {
        readings.computeIfPresent(key, (name, reading) -> reading.future().isDone() ? null : reading);
    }

    private State<T> read(Supplier<T> work) {
        try {
            return new Done<>(work.get(), clock.instant());
        } catch (UserError e) {
            return new Failed<>(String.valueOf(e.getMessage()), e.remedy());
        } catch (RuntimeException | Error e) {
            // Without its message: what reads series may name a patient's file.
            LOG.error("the console could not read the data: {}", e.getClass().getName());
            return new Failed<>("an unexpected failure: " + e.getClass().getSimpleName(), "report it");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.debug("a reading for the console is still going on; its thread ends with the process");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
