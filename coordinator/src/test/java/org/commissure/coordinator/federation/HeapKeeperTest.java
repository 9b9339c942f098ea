package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In virtual machines of their own, with the collector that the coordinator has. */
final class HeapKeeperTest {
    private static final long MEBIBYTE = 1 << 20;

    @Test
    void garbageThatGrewOldIsCollectedBeforeTheHeapGrows() throws Exception {
        assertThat(largestOldGeneration("alone")).as("otherwise").isGreaterThan(100);
        assertThat(largestOldGeneration("kept")).isLessThan(60);
    }

    /** In MiB, of a process with 20 MiB that live and change. */
    private static long largestOldGeneration(String how) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms20m",
                "-Xmn4m",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                HeapKeeperTest.class.getName(),
                how));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return Long.parseLong(said.strip());
    }

    /** Makes a GiB of arrays, of which the newest 20 MiB live; prints the most that the old generation held. */
    public static void main(String[] arguments) {
        boolean kept = arguments[0].equals("kept");
        HeapKeeper keeper = kept ? HeapKeeper.open() : null;
        Deque<byte[]> living = new ArrayDeque<>();
        for (int i = 0; i < 16_384; i++) {
            living.add(new byte[64 << 10]);
            if (living.size() > 320) {
                living.remove();
            }
            if (i % 64 == 0) {
                Thread.onSpinWait();
                pause();
            }
        }
        if (keeper != null) {
            keeper.close();
        }
        System.out.println(ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Tenured Gen"))
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed() / MEBIBYTE)
                .findFirst()
                .orElseThrow());
    }

    /** The listener has a thread of its own. */
    private static void pause() {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
