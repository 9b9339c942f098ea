package org.commissure.site.cli;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/** Where long work stands, and about how long the rest takes: a line every few seconds. Thread-safe. */
final class ProgressLines {
    private static final long BETWEEN_LINES = TimeUnit.SECONDS.toNanos(5);

    private final PrintWriter err;
    private final long begin = System.nanoTime();
    private long lastLine = begin;

    ProgressLines(PrintWriter err) {
        this.err = err;
    }

    /** @param what is being counted, or done; time left supposes that what remains is as fast as what was done */
    synchronized void at(String what, long done, long all) {
        long now = System.nanoTime();
        if (now - lastLine < BETWEEN_LINES || done >= all || done < 1) {
            return;
        }
        lastLine = now;
        long left = (long) ((double) (now - begin) / done * (all - done));
        err.println(what + " " + done + " of " + all + ", about " + TimeUnit.NANOSECONDS.toSeconds(left) + " s left");
        err.flush();
    }
}
