package org.commissure.site.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What masking needs beside the update itself. */
class MaskingMemoryTest {
    private static final int PARAMETERS = 32_000_000; // 122 MiB as float32

    @Test
    void anUpdateIsMaskedWithLittleMoreMemoryThanItHas(@TempDir Path folder) throws Exception {
        // 28 MiB for everything else; a second array of the vector would need 122.
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:NewSize=6m",
                        "-XX:MaxNewSize=6m",
                        "-Xmx150m",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MaskingProcess.class.getName(),
                        folder.toString(),
                        Integer.toString(PARAMETERS))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("masked " + 4L * (PARAMETERS + 1) + " bytes");
        assertThat(process.exitValue()).isZero();
    }
}
