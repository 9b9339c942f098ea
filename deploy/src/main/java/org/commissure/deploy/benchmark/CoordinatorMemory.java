package org.commissure.deploy.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Watches what a process holds, from {@code /proc}: its own memory, by samples, and all that is resident, which counts
 * pages of the virtual machine's files too that other processes share and the system can take back.
 */
public final class CoordinatorMemory implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(100);

    private final Path status;
    private final Thread sampler;
    private volatile long ownKibibytes;
    private volatile long residentKibibytes;

    /** @param pid of a process that runs */
    public CoordinatorMemory(long pid) {
        this.status = Path.of("/proc/" + pid + "/status");
        this.sampler = Thread.ofPlatform().daemon().name("memory").start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                List<String> lines = Files.readAllLines(status);
                ownKibibytes = Math.max(ownKibibytes, kibibytes(lines, "RssAnon:"));
                residentKibibytes = Math.max(residentKibibytes, kibibytes(lines, "VmHWM:"));
                Thread.sleep(EVERY);
            }
        } catch (IOException | InterruptedException e) {
            // There is no /proc here, or the process ended, or nobody wants to know any more.
        }
    }

    private static long kibibytes(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    /** What a process holds of its own now, in MiB; 0 where there is no {@code /proc} or no such process. */
    public static double ownMebibytesNow(long pid) {
        try {
            return kibibytes(Files.readAllLines(Path.of("/proc/" + pid + "/status")), "RssAnon:") / 1024.0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** The most that it held of its own, in MiB; 0 where there is no {@code /proc}. */
    public double ownMebibytes() {
        return ownKibibytes / 1024.0;
    }

    /** The most that was resident, in MiB; 0 where there is no {@code /proc}. */
    public double residentMebibytes() {
        return residentKibibytes / 1024.0;
    }

    @Override
    public void close() {
        sampler.interrupt();
    }
}
