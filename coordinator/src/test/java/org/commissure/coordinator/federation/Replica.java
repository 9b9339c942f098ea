package org.commissure.coordinator.federation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.commissure.coordinator.cli.Main;

/** {@code coordinator serve} in a process of its own, so that it can be killed. */
final class Replica implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;

    private final Process process;
    private final Path said;

    private Replica(Process process, Path said) {
        this.process = process;
        this.said = said;
    }

    /** @param fault where it is to stand still, such as {@code pause:coordinator.voting@5}; empty for nowhere */
    static Replica serve(CoordinatorHome home, String fault, Path said) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--home",
                home.folder().toString());
        builder.environment().put("COMMISSURE_FAULT", fault);
        return new Replica(
                builder.redirectErrorStream(true).redirectOutput(said.toFile()).start(), said);
    }

    boolean hasSaid(String text) throws IOException {
        return Files.readString(said).contains(text);
    }

    void await(String text) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!hasSaid(text)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("a replica did not say '" + text + "' but: " + Files.readString(said));
            }
            Thread.sleep(20);
        }
    }

    /** SIGKILL; returns once it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Such as {@code STOP}. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Waits until it has ended by itself. */
    int exit() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("a replica that should have ended goes on");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
