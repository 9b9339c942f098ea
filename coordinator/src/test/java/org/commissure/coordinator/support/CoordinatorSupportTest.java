package org.commissure.coordinator.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.commissure.coordinator.cli.TestCli;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles of a home with a canary wherever something secret or personal can be. */
class CoordinatorSupportTest {
    private static final String CANARY = "canary";
    private static final int SAMPLE_BYTES = 16;

    @TempDir
    private Path folder = Path.of("");

    private CoordinatorHome home = new CoordinatorHome(folder);
    private Path log = folder;

    @BeforeEach
    void makeHome() throws IOException, SQLException {
        home = new CoordinatorHome(folder.resolve("home"));
        assertThat(TestCli.run(
                        "init", "--home", home.folder().toString(), "--federation", "epilepsy", "--host", "localhost"))
                .isZero();
        Files.writeString(Files.createDirectories(home.openings()).resolve("canary-opening"), "canary of a person");
        Files.write(Files.createDirectories(home.spool()).resolve("canary-upload"), new byte[] {1});
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + home.databaseFile());
                Statement statement = database.createStatement()) {
            statement.executeUpdate("INSERT INTO run VALUES ('run-7', 1000, 0)");
            statement.executeUpdate(
                    "INSERT INTO run_event VALUES ('run-7', 1, 'RunStarted', '{\"patient\":\"canary-P0042\"}')");
        }
        log = Files.writeString(folder.resolve("serve.log"), """
                12:00:00 INFO  round 3 of run-7 begins
                12:00:01 WARN  database password=canary-db refused
                12:00:02 INFO  sub-canary0042 left out; token canary-from-environment
                """);
    }

    @Test
    void noCanaryAndNoByteOfAKeyIsInABundle() throws IOException {
        Map<String, String> files = write(Map.of("COMMISSURE_DATABASE_PASSWORD", "canary-from-environment"));
        assertThat(files)
                .containsKeys("MANIFEST.json", "versions.json", "configuration.json", "runs.json", "log-1.txt");
        List<String> secrets = secrets();
        assertThat(secrets).hasSizeGreaterThan(10);
        files.forEach((name, text) -> {
            assertThat(text).as(name).doesNotContain(CANARY);
            assertThat(secrets).as(name).noneMatch(text::contains);
        });
        assertThat(files.get("log-1.txt")).contains("round 3 of run-7 begins", "refused");
    }

    @Test
    void whatAnEngineerAsksForIsThere() throws IOException {
        Map<String, String> files = write(Map.of());
        assertThat(files.get("runs.json")).contains("run-7", "RunStarted");
        assertThat(files.get("database.json")).contains("SQLite", "schema_version", "\"run_event\" : 1");
        assertThat(files.get("configuration.json")).contains("epilepsy", "\"database\" : \"file\"");
        assertThat(files.get("machine.json")).contains("free_disk_bytes");
        assertThat(files.get("home.json")).contains("\"authority\"", "\"log\"");
        assertThat(files.get("metrics.txt")).contains("cannot be told"); // nobody serves
        assertThat(files.get("MANIFEST.json"))
                .contains(files.keySet().stream()
                        .filter(name -> !name.equals("MANIFEST.json"))
                        .toArray(String[]::new));
    }

    @Test
    void aDamagedHomeStillGivesABundle() throws IOException {
        Files.writeString(home.databaseFile(), "no database at all");
        Files.writeString(home.configFile(), "canary = ");
        Map<String, String> files = write(Map.of("COMMISSURE_TOKEN", "canary-from-environment"));
        assertThat(files.get("database.json")).contains("cannot be told");
        assertThat(files.get("machine.json")).contains("free_disk_bytes");
        files.forEach((name, text) -> assertThat(text).as(name).doesNotContain(CANARY));
    }

    @Test
    void aDryRunWritesNothing() throws IOException {
        List<Path> before = below(folder);
        assertThat(TestCli.run("support-bundle", "--home", home.folder().toString(), "--dry-run"))
                .isZero();
        assertThat(below(folder)).isEqualTo(before);
        assertThat(TestCli.error("support-bundle", "--home", home.folder().toString()))
                .contains("there is no --out");
    }

    private Map<String, String> write(Map<String, String> environment) throws IOException {
        Path out = folder.resolve("support.zip");
        CoordinatorSupport.of(home, List.of(log), 1, environment).write(out, Clock.systemUTC());
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(out.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                files.put(
                        entry.getName(),
                        new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }

    /** Of each file with keys: its passwords, and a part of its bytes as they are and as hex. */
    private List<String> secrets() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path part : List.of(home.identity(), home.authority(), home.operator())) {
            for (Path file : below(part)) {
                byte[] bytes = Files.readAllBytes(file);
                if (file.getFileName().toString().equals("password")) {
                    found.add(Files.readString(file).strip());
                } else if (bytes.length > 4 * SAMPLE_BYTES) {
                    byte[] sample = Arrays.copyOfRange(bytes, bytes.length / 2, bytes.length / 2 + SAMPLE_BYTES);
                    found.add(new String(sample, StandardCharsets.ISO_8859_1));
                    found.add(HexFormat.of().formatHex(sample));
                }
            }
        }
        return found;
    }

    private static List<Path> below(Path part) throws IOException {
        try (Stream<Path> all = Files.walk(part)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
