package org.commissure.site.preflight;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Disk, memory, graphics processor and data folder. */
record MachineChecks(Path home, Path data) {
    private static final long GIB = 1L << 30;
    /** A masked vector, a model and the databases of the largest preset, with room to spare. */
    private static final long DISK_BYTES = 2 * GIB;

    private static final long MEMORY_BYTES = 4 * GIB;

    List<Finding> run() {
        return List.of(disk(), memory(), graphics(), dataFolder());
    }

    private Finding disk() {
        Path existing = home.toAbsolutePath().normalize();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        if (!Files.isWritable(existing)) {
            return Finding.bad(
                    "disk", existing + " is not writable for this user", "choose another --home, or change its owner");
        }
        try {
            long free = Files.getFileStore(existing).getUsableSpace();
            String found = gib(free) + " free at " + existing;
            return free >= DISK_BYTES
                    ? Finding.good("disk", found)
                    : Finding.bad("disk", found, "free " + gib(DISK_BYTES) + ", or choose another --home");
        } catch (IOException e) {
            return Finding.bad("disk", existing + " cannot be examined", "check that its disk is mounted");
        }
    }

    private static Finding memory() {
        long total =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return total >= MEMORY_BYTES
                ? Finding.good("memory", gib(total))
                : Finding.bad("memory", gib(total), "use a machine with " + gib(MEMORY_BYTES) + ", or raise its limit");
    }

    /** A graphics processor is welcome, never needed; one that is there and cannot be used is worth knowing. */
    private static Finding graphics() {
        boolean device = Files.exists(Path.of("/dev/nvidia0"));
        Path version = Path.of("/proc/driver/nvidia/version");
        if (!device) {
            return Finding.good("gpu", "none; everything runs on the processor");
        }
        try {
            String driver = Files.readString(version, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
            return Finding.good("gpu", "NVIDIA, " + driver.strip());
        } catch (IOException e) {
            return Finding.bad(
                    "gpu",
                    "there is an NVIDIA device, but no driver",
                    "install NVIDIA's driver, or remove the device from this machine or container");
        }
    }

    private Finding dataFolder() {
        Path table = data.resolve("participants.tsv");
        try (Stream<String> lines = Files.lines(table, StandardCharsets.UTF_8)) {
            long participants =
                    Math.max(0, lines.filter(line -> !line.isBlank()).count() - 1);
            return participants > 0
                    ? Finding.good("data", participants + " participants in " + data)
                    : Finding.bad("data", table + " lists nobody", "see: commissure cohort check " + data);
        } catch (IOException | java.io.UncheckedIOException e) {
            return Finding.bad(
                    "data",
                    table + " cannot be read",
                    "name the folder that holds participants.tsv, readable for this user; see: commissure cohort check"
                            + " " + data);
        }
    }

    private static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) GIB);
    }
}
