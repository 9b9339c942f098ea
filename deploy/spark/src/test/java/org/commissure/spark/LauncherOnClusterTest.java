package org.commissure.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/bin/commissure site regional fit-individuals} on a real cluster, the way a hospital calls it. */
@Tag("e2e")
final class LauncherOnClusterTest {
    private static final int REGIONS = 9;
    private static final Path CHECKOUT = Path.of("../..").toAbsolutePath().normalize();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theClustersResultsAreThoseOfThisMachine() throws Exception {
        Assumptions.assumeTrue(
                built(), "site-agent is not packaged yet; the whole build packages it before this module");
        Path installed = InstalledCopy.in(folder.resolve("installed"));
        Files.createDirectories(folder.resolve("series"));
        for (int subject = 1; subject <= 3; subject++) {
            Files.writeString(folder.resolve("series/sub-" + subject + ".csv"), series(subject));
        }
        Files.writeString(folder.resolve("series/sub-flat.csv"), "1,1,1,1\n".repeat(REGIONS));
        Files.writeString(
                folder.resolve("params.csv"),
                "0.5\n".repeat(REGIONS) + "0.3\n".repeat(REGIONS) + "1\n" + "0.003\n".repeat(REGIONS));
        Files.writeString(folder.resolve("sc.csv"), ring());

        String local = commissure(installed, "local");
        try (StandaloneCluster cluster =
                StandaloneCluster.start(Files.createDirectories(folder.resolve("cluster")), 2)) {
            String said = commissure(
                    installed,
                    "remote",
                    "--cluster",
                    cluster.master(),
                    "--job-folder",
                    folder.resolve("job").toString(),
                    "--spark-setting",
                    "spark.driver.host=127.0.0.1",
                    "--spark-setting",
                    "spark.executor.memory=512m");
            assertThat(said).as("%s", cluster.logs()).contains("\"fitted\" : 3", "sub-flat");
            assertThat(cluster.logs()).contains("Registered app").doesNotContain("sub-1");
        }
        assertThat(local).contains("\"fitted\" : 3");
        for (int subject = 1; subject <= 3; subject++) {
            assertThat(folder.resolve("remote/sub-" + subject + ".json"))
                    .hasSameTextualContentAs(folder.resolve("local/sub-" + subject + ".json"));
        }
        assertThat(folder.resolve("job")).doesNotExist();
    }

    private static boolean built() throws IOException {
        Path target = CHECKOUT.resolve("site-agent/target");
        if (!Files.isDirectory(target.resolve("lib"))) {
            return false;
        }
        try (Stream<Path> files = Files.list(target)) {
            return files.anyMatch(file -> file.getFileName().toString().matches("site-agent-.*\\.jar"));
        }
    }

    private String commissure(Path installed, String out, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(CHECKOUT.resolve("deploy/bin/commissure").toString(), "site", "regional", "fit-individuals"));
        Map.of("series", "series", "params", "params.csv", "sc", "sc.csv", "out", out)
                .forEach((option, file) -> command.addAll(
                        List.of("--" + option, folder.resolve(file).toString())));
        command.addAll(List.of("--tr", "2", "--iterations", "1", "--json"));
        command.addAll(List.of(more));
        Path said = folder.resolve(out + ".json");
        Path errors = folder.resolve(out + ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(said.toFile()).redirectError(errors.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home", ""));
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("COMMISSURE_JAVA_OPTIONS", "-Dcommissure.root=" + installed);
        Process process = builder.start();
        boolean ended = process.waitFor(300, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        assertThat(ended).as("%s", Files.readString(errors)).isTrue();
        assertThat(process.exitValue()).as("%s", Files.readString(errors)).isZero();
        return Files.readString(said);
    }

    private static String series(int seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int region = 0; region < REGIONS; region++) {
            for (int frame = 0; frame < 60; frame++) {
                text.append(frame == 0 ? "" : ",").append(String.format(Locale.ROOT, "%.5f", random.nextGaussian()));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String ring() {
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < REGIONS; row++) {
            for (int column = 0; column < REGIONS; column++) {
                int between = Math.abs(row - column);
                text.append(column == 0 ? "" : ",").append(between == 1 || between == REGIONS - 1 ? "1" : "0");
            }
            text.append('\n');
        }
        return text.toString();
    }
}
