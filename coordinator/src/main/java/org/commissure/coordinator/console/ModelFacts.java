package org.commissure.coordinator.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunSummary;
import org.jspecify.annotations.Nullable;

/** Released models of a run and what each came from. Thread-safe. */
final class ModelFacts {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final RunFacts runs;

    ModelFacts(RunFacts runs) {
        this.runs = runs;
    }

    /**
     * A model as a round left it.
     *
     * @param sha256 hex, of the flat float32 parameters: the file's data section
     * @param parentSha256 what it was trained from; null of the initial model
     * @param survivors sites whose updates are in it
     * @param bytes of the safetensors file; null where it is not kept any more
     */
    record Model(
            String runId,
            int round,
            String sha256,
            @Nullable String parentSha256,
            List<String> survivors,
            @Nullable Double r2,
            @Nullable Long bytes) {}

    /** Newest first. Rounds that were aborted left the model as it was. */
    Page<Model> list(String runId, Page.Window window) {
        RunSummary run = runs.summary(runId);
        List<RoundSummary> released = run.history().stream()
                .filter(round -> round.outcome() != RoundOutcome.ABORTED)
                .toList();
        List<Integer> oldestFirst = IntStream.range(0, released.size()).boxed().toList();
        Page<Integer> part = Page.of(oldestFirst.reversed(), window);
        Path folder = folder(runId);
        return new Page<>(
                part.total(),
                part.offset(),
                part.items().stream()
                        .map(i -> model(run.runId(), folder, released.get(i), i == 0 ? null : released.get(i - 1)))
                        .toList());
    }

    private static Model model(String runId, Path folder, RoundSummary round, @Nullable RoundSummary before) {
        return new Model(
                runId,
                round.round(),
                round.modelSha256(),
                before == null ? null : before.modelSha256(),
                round.survivors(),
                round.evaluation() == null ? null : round.evaluation().r2(),
                size(kept(folder, round.modelSha256())));
    }

    /** The safetensors file of a model that the run released. */
    Path file(String runId, String sha256) {
        if (SHA256.matcher(sha256).matches()) {
            Path file = kept(folder(runId), sha256);
            if (size(file) != null) {
                return file;
            }
        }
        throw Problem.notFound("run " + runId + " keeps no such model");
    }

    private Path folder(String runId) {
        return runs.folder(runId).resolve("models");
    }

    private static Path kept(Path folder, String sha256) {
        return folder.resolve(sha256 + ".safetensors");
    }

    private static @Nullable Long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : null;
        } catch (IOException e) {
            return null;
        }
    }
}
