package org.commissure.deploy.federation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.commissure.protocol.UserError;

/** Runs {@code deploy/bin/commissure}. Thread-safe. */
public final class Launcher {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path root;
    private final List<String> prefix;

    private Launcher(Path root, List<String> prefix) {
        this.root = root;
        this.prefix = prefix;
    }

    /** The same, behind a command that runs what follows it, for example {@code ip netns exec NAME}. */
    Launcher behind(String... command) {
        return new Launcher(root, List.of(command));
    }

    /** The launcher of this checkout: system property {@code commissure.root}, else the folders above. */
    public static Launcher find() {
        Path here = Path.of(System.getProperty("commissure.root", System.getProperty("user.dir")))
                .toAbsolutePath();
        for (Path folder = here; folder != null; folder = folder.getParent()) {
            if (Files.isExecutable(folder.resolve("deploy/bin/commissure"))) {
                return new Launcher(folder, List.of());
            }
        }
        throw new UserError("there is no deploy/bin/commissure above " + here, "run this from a checkout");
    }

    /** The checkout. */
    public Path root() {
        return root;
    }

    /** Runs a command to its end. */
    public Finished run(String... arguments) {
        return run(List.of(arguments));
    }

    /** Runs a command to its end; one that takes longer than two minutes is killed and reported. */
    public Finished run(List<String> arguments) {
        return run(Map.of(), arguments);
    }

    /** As {@link #run(List)}, with variables beside those of this process. */
    public Finished run(Map<String, String> environment, List<String> arguments) {
        ProcessBuilder builder = new ProcessBuilder(command(arguments));
        builder.environment().putAll(environment);
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            Process process = builder.start();
            process.getOutputStream().close();
            Future<String> output = readers.submit(() -> text(process.getInputStream()));
            Future<String> errors = readers.submit(() -> text(process.getErrorStream()));
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new UserError(
                        "`commissure " + String.join(" ", arguments) + "` took longer than " + LIMIT,
                        "see whether the machine is overloaded");
            }
            return new Finished(arguments, process.exitValue(), output.get(), errors.get());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + root.resolve("deploy/bin/commissure"), e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot read what a command says", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a command ran", e);
        }
    }

    /** Starts a command that goes on until it is stopped; what it says is appended to {@code log}. */
    public ServerProcess start(Path log, Map<String, String> environment, List<String> arguments) {
        ProcessBuilder builder = new ProcessBuilder(command(arguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            long before = Files.exists(log) ? Files.size(log) : 0;
            return new ServerProcess(String.join(" ", arguments), builder.start(), log, before);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start commissure " + String.join(" ", arguments), e);
        }
    }

    /** A process whose lines the caller reads; its errors go to {@code errors}. */
    Process startReadable(Path errors, List<String> arguments) throws IOException {
        return new ProcessBuilder(command(arguments))
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
    }

    private List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(root.resolve("deploy/bin/commissure").toString());
        command.addAll(arguments);
        return command;
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
}
