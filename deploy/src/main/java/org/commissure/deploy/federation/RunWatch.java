package org.commissure.deploy.federation;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.commissure.coordinator.round.RunJson;
import org.commissure.coordinator.round.RunSummary;
import org.jspecify.annotations.Nullable;

/**
 * The newest status of a run, from {@code coordinator run watch}; watches again when the coordinator
 * comes back after a crash. Thread-safe.
 */
public final class RunWatch implements AutoCloseable {
    private final Launcher launcher;
    private final Path coordinatorHome;
    private final Path errors;
    private final String runId;
    private final AtomicReference<@Nullable RunSummary> newest = new AtomicReference<>();
    private final Thread reader;
    private volatile boolean closed;
    private volatile @Nullable Process process;

    RunWatch(Launcher launcher, Path coordinatorHome, Path errors, String runId) {
        this.launcher = launcher;
        this.coordinatorHome = coordinatorHome;
        this.errors = errors;
        this.runId = runId;
        this.reader = Thread.ofVirtual().name("watch-" + runId).start(this::follow);
    }

    /** Empty before the first word of the coordinator. */
    public Optional<RunSummary> newest() {
        return Optional.ofNullable(newest.get());
    }

    /** True as soon as the run satisfies {@code condition}; false once the time is up. */
    public boolean until(Predicate<RunSummary> condition, Duration limit) {
        return Waiting.until(() -> newest().filter(condition).isPresent(), limit);
    }

    private void follow() {
        while (!closed && !newest().filter(run -> run.state().terminal()).isPresent()) {
            try {
                followOnce();
                Thread.sleep(Duration.ofMillis(200));
            } catch (IOException e) {
                // The pipe broke because the watcher was ended; the loop's condition says whether by us.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void followOnce() throws IOException {
        Process started = launcher.startReadable(
                errors,
                List.of(
                        "coordinator",
                        "run",
                        "watch",
                        "--home",
                        coordinatorHome.toString(),
                        "--run-id",
                        runId,
                        "--json-lines"));
        process = started;
        if (closed) {
            started.destroy();
        }
        try (BufferedReader lines = started.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                newest.set(RunJson.read(line));
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        Process running = process;
        if (running != null) {
            running.destroy();
        }
        reader.interrupt();
    }
}
