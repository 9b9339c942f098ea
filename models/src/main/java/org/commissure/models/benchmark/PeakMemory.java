package org.commissure.models.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process needed at most, tensors outside the Java heap included. */
public final class PeakMemory {
    private PeakMemory() {}

    /** @throws IOException where there is no {@code /proc} */
    public static long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new IOException("/proc/self/status does not say VmHWM"));
    }
}
