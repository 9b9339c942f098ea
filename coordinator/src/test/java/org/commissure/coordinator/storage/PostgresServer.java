package org.commissure.coordinator.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real PostgreSQL server of this machine's packages, in a folder of its own, until the JVM ends. It refuses to run as
 * root, and is then started as the user {@code postgres} that the package made. Tests that want one are skipped where
 * there is none.
 */
public final class PostgresServer {
    private static final String USER = "commissure";
    private static final String PASSWORD = "not in any log";
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static @Nullable PostgresServer running;

    private final Path binaries;
    private final Path folder;
    private final int port;
    private final Path passwordFile;

    private PostgresServer(Path binaries) throws IOException {
        this.binaries = binaries;
        this.folder = Path.of(run(Path.of("/tmp"), "mktemp", "-d", "/tmp/commissure-postgres-XXXXXX"));
        this.passwordFile = Files.writeString(Files.createTempFile("password", ""), PASSWORD + "\n");
        this.port = LoopbackPorts.free();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::stop));
        run(
                folder,
                "sh",
                "-c",
                "printf '%s' '" + PASSWORD + "' > password && '" + binaries.resolve("initdb") + "' -D data -U " + USER
                        + " -A scram-sha-256 --pwfile=password --no-sync -E UTF8 --locale=C");
        // Durability is the server's to promise; the tests kill the coordinator and not the server.
        run(
                folder,
                "sh",
                "-c",
                "'" + binaries.resolve("pg_ctl") + "' -D data -w -l log -o '-h 127.0.0.1 -p " + port + " -k " + folder
                        + " -c fsync=off' start > started");
    }

    /** An empty database of the server, which the first call starts. */
    public static synchronized PostgresConfig newDatabase() {
        try {
            PostgresServer server = running;
            if (server == null) {
                Optional<Path> binaries = findBinaries();
                Assumptions.assumeTrue(
                        binaries.isPresent(), "PostgreSQL's server is not installed (the package postgresql)");
                server = new PostgresServer(binaries.orElseThrow());
                running = server;
            }
            String name = "coordinator" + DATABASES.incrementAndGet();
            server.execute("CREATE DATABASE " + name);
            return new PostgresConfig(
                    "jdbc:postgresql://127.0.0.1:" + server.port + "/" + name,
                    Optional.of(USER),
                    Optional.of(server.passwordFile.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a statement as the server's owner, in a database that no test uses. */
    static synchronized void administer(String sql) {
        if (running != null) {
            running.execute(sql);
        }
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, PASSWORD);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot administer the server", e);
        }
    }

    /** Debian keeps the server's programs out of the path. */
    private static Optional<Path> findBinaries() throws IOException {
        if (isRoot() && !Files.readString(Path.of("/etc/passwd")).contains("\npostgres:")) {
            return Optional.empty();
        }
        List<Path> candidates = new ArrayList<>();
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                versions.sorted(Comparator.comparing((Path version) ->
                                        Double.parseDouble(version.getFileName().toString()))
                                .reversed())
                        .forEach(version -> candidates.add(version.resolve("bin")));
            }
        }
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(Path::of)
                .forEach(candidates::add);
        return candidates.stream()
                .filter(folder ->
                        Files.isExecutable(folder.resolve("initdb")) && Files.isExecutable(folder.resolve("pg_ctl")))
                .findFirst();
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private void stop() {
        try {
            run(
                    Path.of("/tmp"),
                    "sh",
                    "-c",
                    "'" + binaries.resolve("pg_ctl") + "' -D '" + folder + "/data' -m immediate stop; rm -rf '" + folder
                            + "'");
            Files.deleteIfExists(passwordFile);
        } catch (IOException | IllegalStateException e) {
            System.err.println("the server in " + folder + " was not stopped: " + e.getMessage());
        }
    }

    /** @return what it said, without the end of the line */
    private static String run(Path in, String... command) throws IOException {
        List<String> whole = new ArrayList<>();
        if (isRoot()) {
            whole.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        whole.addAll(List.of(command));
        Process process = new ProcessBuilder(whole)
                .directory(in.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", whole) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return said;
    }
}
