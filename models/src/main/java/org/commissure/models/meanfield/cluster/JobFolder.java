package org.commissure.models.meanfield.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.commissure.models.durable.AtomicFile;

/**
 * One job: {@code tasks/000000.json} and so on, and for each {@code results/000000.json} or, where the fit failed,
 * {@code failures/000000.txt} with the reason. Numbers stand for subjects; who they are is known only to who wrote the
 * tasks. Each file is whole or absent, so a job that was killed goes on where it was. Thread-safe, also between
 * processes: two that do one task write the same result.
 */
public final class JobFolder {
    private final Path folder;

    public JobFolder(Path folder) {
        this.folder = folder;
    }

    /** Writes the tasks of a new job, or of the same job again: results of tasks that did not change stay. */
    public void write(List<byte[]> tasks) throws IOException {
        for (String kind : List.of("tasks", "results", "failures")) {
            Files.createDirectories(folder.resolve(kind));
        }
        for (int task = 0; task < tasks.size(); task++) {
            Path file = task(task);
            if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), tasks.get(task))) {
                Files.deleteIfExists(result(task));
                Files.deleteIfExists(failure(task));
                AtomicFile.write(file, tasks.get(task));
            }
        }
        for (int beyond = tasks.size(); Files.deleteIfExists(task(beyond)); beyond++) {
            Files.deleteIfExists(result(beyond));
            Files.deleteIfExists(failure(beyond));
        }
    }

    /** @throws IOException if this is no job folder, or this process cannot see it */
    public int tasks() throws IOException {
        return count("tasks");
    }

    /** Tasks without a result, in order; those that failed are among them. */
    public List<Integer> unfinished() throws IOException {
        return IntStream.range(0, tasks())
                .filter(task -> !Files.exists(result(task)))
                .boxed()
                .toList();
    }

    public Progress progress() throws IOException {
        return new Progress(tasks(), count("results"), count("failures"));
    }

    private int count(String kind) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(kind))) {
            return (int) files.filter(file -> !file.getFileName().toString().endsWith(".tmp"))
                    .count();
        }
    }

    /**
     * Does one task and writes its result, or why there is none.
     *
     * @throws IOException if the folder cannot be read or written here: every task would fail
     */
    public void run(int task, SubjectWork work) throws IOException, InterruptedException {
        byte[] content = Files.readAllBytes(task(task));
        Files.deleteIfExists(failure(task));
        try {
            AtomicFile.write(result(task), work.fit(content));
        } catch (IllegalArgumentException | ArithmeticException e) {
            AtomicFile.write(failure(task), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) { // a defect of ours; its message may hold anything
            AtomicFile.write(
                    failure(task), "unexpected " + e.getClass().getSimpleName() + " at " + e.getStackTrace()[0]);
        }
    }

    public Optional<byte[]> resultOf(int task) throws IOException {
        return Files.exists(result(task)) ? Optional.of(Files.readAllBytes(result(task))) : Optional.empty();
    }

    public Optional<String> failureOf(int task) throws IOException {
        return Files.exists(failure(task))
                ? Optional.of(Files.readString(failure(task), StandardCharsets.UTF_8))
                : Optional.empty();
    }

    private Path task(int task) {
        return file("tasks", task, "json");
    }

    private Path result(int task) {
        return file("results", task, "json");
    }

    private Path failure(int task) {
        return file("failures", task, "txt");
    }

    private Path file(String kind, int task, String extension) {
        return folder.resolve(kind).resolve(String.format(Locale.ROOT, "%06d.%s", task, extension));
    }

    /** How many tasks there are, are done, and failed. */
    public record Progress(int tasks, int done, int failed) {}
}
