package org.commissure.site.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C or a service manager's stop into an interrupt of the thread that made it, and keeps the process alive
 * until {@link #close}, so that the work can put itself away.
 */
final class StopSignal implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    StopSignal() {
        Thread worker = Thread.currentThread();
        hook = new Thread(() -> stop(worker), "stop-signal");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop(Thread worker) {
        worker.interrupt();
        try {
            if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println(
                        "error: the work did not stop in " + PATIENCE_SECONDS + " s; the last checkpoint" + " stays");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // Already shutting down: the hook is what woke us.
        }
    }
}
