package org.commissure.models.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The parent's side of a {@link Worker}. */
final class WorkerProcess implements AutoCloseable {
    /** What every virtual machine of Commissure is started with; Java's heap holds no tensors. */
    private static final List<String> OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-modules=jdk.incubator.vector",
            "-XX:+UseSerialGC",
            "-Xmx1g",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0");

    private final Contender contender;
    private final Path errors;
    private final Process process;
    private final PrintWriter to;
    private final BufferedReader from;

    /** CPU and wall time of one step. */
    record Step(long cpuNanos, long wallNanos) {}

    WorkerProcess(Contender contender, String size, int threads) throws IOException {
        this.contender = contender;
        errors = Files.createTempFile("commissure-bench-", ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Worker.class.getName()));
        command.addAll(List.of(contender.name(), size, Integer.toString(threads)));
        var builder = new ProcessBuilder(command).redirectError(errors.toFile());
        // Each engine sets its own threads; those that OpenMP keeps idle must not spin.
        builder.environment()
                .putAll(Map.of("OPENBLAS_NUM_THREADS", "1", "OMP_NUM_THREADS", "1", "OMP_WAIT_POLICY", "passive"));
        process = builder.start();
        to = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        from = process.inputReader(StandardCharsets.UTF_8);
    }

    Contender contender() {
        return contender;
    }

    Step step() throws IOException {
        String[] answer = ask(Worker.STEPPED);
        return new Step(Long.parseLong(answer[1]), Long.parseLong(answer[2]));
    }

    long mostResidentBytes() throws IOException {
        return Long.parseLong(ask(Worker.MEMORY)[1]);
    }

    private String[] ask(String what) throws IOException {
        to.println(what);
        for (String line = from.readLine(); line != null; line = from.readLine()) {
            if (line.startsWith(what + " ")) { // libraries may print, too
                return line.split(" ");
            }
        }
        throw new IOException("the process of " + contender.label() + " ended: " + lastWords());
    }

    private String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(errors, StandardCharsets.UTF_8);
        return lines.isEmpty()
                ? "it said nothing; perhaps memory ran out"
                : String.join("; ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    }

    @Override
    public void close() throws IOException {
        to.close();
        process.destroy();
        Files.deleteIfExists(errors);
    }
}
