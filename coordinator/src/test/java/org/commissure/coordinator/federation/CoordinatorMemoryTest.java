package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.commissure.coordinator.federation.TestFederation.eventually;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.commissure.coordinator.cli.Main;
import org.commissure.coordinator.cli.TestCli;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.Studies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A coordinator's own process whose heap, and with it what Netty may have outside the heap, is bounded to a third of
 * what the sites upload at once: it would fail if it held their vectors. Prints its resident memory too. {@code
 * -Dcommissure.memory.sites=N} takes another number of sites.
 */
class CoordinatorMemoryTest {
    private static final int SITES = Integer.getInteger("commissure.memory.sites", 12);
    private static final int PARAMETERS = 4_000_000;
    private static final double MEBIBYTE = 1 << 20;
    private static final double MODEL_MEBIBYTES = PARAMETERS * Float.BYTES / MEBIBYTE;

    @TempDir
    Path folder;

    @Test
    @Timeout(240)
    void aSmallHeapIsEnoughForManySites() throws Exception {
        String[] names =
                IntStream.rangeClosed(1, SITES).mapToObj("site-%03d"::formatted).toArray(String[]::new);
        try (TestFederation federation = new TestFederation(folder, PARAMETERS, names)) {
            federation.coordinator.close();
            Process coordinator = serve(federation);
            try {
                federation.connectAll(); // they try again until it listens
                federation.start(Studies.text(1, 1, 120), new float[PARAMETERS], "run-1");
                eventually(() -> TestCli.status(federation.home).state() != RunOutcome.RUNNING);
                assertThat(TestCli.status(federation.home).state()).isEqualTo(RunOutcome.FINISHED);
                assertThat(federation.sites.size() * MODEL_MEBIBYTES)
                        .as("what was uploaded, in MiB")
                        .isGreaterThan(2 * 64);
                double mebibytes = peakMebibytes(coordinator);
                System.out.printf(
                        "coordinator: %d sites, model of %.1f MiB, heap of at most 64 MiB, peak resident memory %.0f MiB%n",
                        SITES, MODEL_MEBIBYTES, mebibytes);
            } finally {
                coordinator.destroy();
                coordinator.waitFor();
            }
        }
    }

    private Process serve(TestFederation federation) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+UseSerialGC",
                        "-Xms32m",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "serve",
                        "--home",
                        federation.home.folder().toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("serve.log").toFile())
                .start();
    }

    /** VmHWM: the largest resident set that the process ever had; NaN where there is no /proc. */
    private static double peakMebibytes(Process process) throws Exception {
        if (!Files.exists(Path.of("/proc/" + process.pid() + "/status"))) {
            return Double.NaN;
        }
        String line = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(text -> text.startsWith("VmHWM:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
    }
}
