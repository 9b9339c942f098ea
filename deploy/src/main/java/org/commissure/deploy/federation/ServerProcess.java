package org.commissure.deploy.federation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.commissure.protocol.UserError;

/** A coordinator or a site agent that is running. The launcher ends in exec, so signals reach the JVM. */
public final class ServerProcess {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final String name;
    private final Process process;
    private final Path log;
    private final long logStart;

    ServerProcess(String name, Process process, Path log, long logStart) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.logStart = logStart;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** What it has said since it started. */
    public String said() {
        try {
            byte[] all = Files.readAllBytes(log);
            return new String(
                    Arrays.copyOfRange(all, (int) Math.min(logStart, all.length), all.length), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    /** Waits until it has said {@code text}. @throws UserError if it ends before, or the time is up */
    public void await(String text, Duration limit) {
        if (!hasSaid(text, limit)) {
            throw new UserError(
                    "`commissure " + name + "` did not say '" + text + "' within " + limit + "; it said: "
                            + lastLines(said()),
                    "see " + log);
        }
    }

    /** True as soon as it has said {@code text}; false once the time is up or it has ended. */
    public boolean hasSaid(String text, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            boolean alive = process.isAlive(); // asked first: what it said last still counts
            if (said().contains(text)) {
                return true;
            }
            if (!alive || System.nanoTime() > deadline) {
                return false;
            }
            Waiting.pause(Duration.ofMillis(50));
        }
    }

    /** SIGKILL: no farewell, no flush. Returns once it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(GRACE);
    }

    /** SIGTERM, and SIGKILL where that does not suffice. */
    public void stop() {
        stop(GRACE);
    }

    /** SIGTERM, and SIGKILL after {@code patience}. */
    public void stop(Duration patience) {
        process.destroy();
        if (!awaitEnd(patience)) {
            kill();
        }
    }

    /** Waits until it has ended by itself, or this thread is interrupted. */
    public void awaitEnd() {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitEnd(Duration limit) {
        try {
            return process.waitFor(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String lastLines(String text) {
        String[] lines = text.strip().split("\n");
        return String.join("\n", Arrays.asList(lines).subList(Math.max(0, lines.length - 8), lines.length));
    }
}
