package org.commissure.site.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.commissure.models.meanfield.fit.FitListener;
import org.commissure.models.meanfield.fit.FitProgress;

/** Where a fit stands and about how long the stage still takes: a line every few seconds. Thread-safe. */
final class FitProgressLines implements FitListener {
    private static final long BETWEEN_LINES = TimeUnit.SECONDS.toNanos(5);

    private final PrintWriter err;
    private long lastLine = System.nanoTime() - BETWEEN_LINES;

    FitProgressLines(PrintWriter err) {
        this.err = err;
    }

    @Override
    public synchronized void progressed(FitProgress progress) {
        long now = System.nanoTime();
        if (now - lastLine < BETWEEN_LINES && progress.done() < progress.total()) {
            return;
        }
        lastLine = now;
        String best = Double.isNaN(progress.best()) ? "" : String.format(Locale.ROOT, ", best %.4f", progress.best());
        err.println(progress.stage() + ": " + progress.done() + " of " + progress.total() + best + ", about "
                + text(progress.left()) + " left");
        err.flush();
    }

    private static String text(Duration left) {
        return left.toMinutes() >= 10 ? left.toMinutes() + " min" : left.toSeconds() + " s";
    }
}
