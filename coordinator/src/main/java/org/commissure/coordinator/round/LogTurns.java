package org.commissure.coordinator.round;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.commissure.protocol.logging.LogContext;
import org.commissure.protocol.v1.SumId;

/**
 * Publishes in its own thread: what an event appends to the log is durable with it; that it appears there need not hold
 * the round up. One turn takes all that came up until then.
 */
final class LogTurns implements AutoCloseable {
    private final LogPublisher log;
    private final Consumer<RuntimeException> failed;
    private final ExecutorService publishing =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("log").factory());
    private final AtomicBoolean due = new AtomicBoolean();

    /** @param failed told of what a turn died of, on the publishing thread */
    LogTurns(LogPublisher log, Consumer<RuntimeException> failed) {
        this.log = log;
        this.failed = failed;
    }

    /** @param about what the entries are of */
    void soon(SumId about) {
        if (due.compareAndSet(false, true)) {
            publishing.execute(() -> {
                due.set(false);
                LogContext.turnTo(about);
                try {
                    log.publish();
                } catch (RuntimeException e) {
                    failed.accept(e);
                }
            });
        }
    }

    @Override
    public void close() {
        publishing.close();
    }
}
