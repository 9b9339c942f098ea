package org.commissure.site.cli;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import org.commissure.models.meanfield.scoring.ScoringListener;

/** How many simulations are done, and about how long the rest takes: a line every few seconds. Thread-safe. */
final class SimulationProgress implements ScoringListener {
    private static final long BETWEEN_LINES = TimeUnit.SECONDS.toNanos(5);

    private final PrintWriter err;
    private final long begin = System.nanoTime();
    private long lastLine = begin;

    SimulationProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public synchronized void simulated(int done, int all) {
        long now = System.nanoTime();
        if (now - lastLine < BETWEEN_LINES || done == all) {
            return;
        }
        lastLine = now;
        long left = (long) ((double) (now - begin) / done * (all - done));
        err.println(
                "simulation " + done + " of " + all + ", about " + TimeUnit.NANOSECONDS.toSeconds(left) + " s left");
        err.flush();
    }
}
