package org.commissure.coordinator.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
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
        List<RoundSummary> released = new ArrayList<>();
        for (RoundSummary round : run.history()) {
            if (round.outcome() != RoundOutcome.ABORTED) {
                released.add(round);
            }
        }
        List<Integer> newestFirst = new ArrayList<>();
        for (int i = released.size() - 1; i >= 0; i--) {
            newestFirst.add(i);
        }
        Page<Integer> part = Page.of(newestFirst, window);
        return new Page<>(
                part.total(),
                part.offset(),
                part.items().stream()
                        .map(i -> model(run.runId(), released.get(i), i == 0 ? null : released.get(i - 1)))
                        .toList());
    }

    private Model model(String runId, RoundSummary round, @Nullable RoundSummary before) {
        return new Model(
                runId,
                round.round(),
                round.modelSha256(),
                before == null ? null : before.modelSha256(),
                round.survivors(),
                round.evaluation() == null ? null : round.evaluation().r2(),
                size(path(runId, round.modelSha256())));
    }

    /** The safetensors file of a model that the run released. */
    Path file(String runId, String sha256) {
        if (!SHA256.matcher(sha256).matches() || size(path(runId, sha256)) == null) {
            throw Problem.notFound("run " + runId + " keeps no such model");
        }
        return path(runId, sha256);
    }

    private Path path(String runId, String sha256) {
        return runs.folder(runId).resolve("models").resolve(sha256 + ".safetensors");
    }

    private static @Nullable Long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : null;
        } catch (IOException e) {
            return null;
        }
    }
}
