package org.commissure.coordinator.console;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.commissure.coordinator.round.EvaluationSummary;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.storage.RunStore;
import org.jspecify.annotations.Nullable;

/** Runs, from the engine and the database. Thread-safe. */
final class RunFacts {
    /** An ended run never changes; its events are replayed once. A thousand rounds of 200 sites are megabytes. */
    private static final int KEPT = 4;

    private static final int KEPT_LINES = 1_000;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final List<String> FILES = List.of(
            "report.html",
            "report.json",
            "model-card.md",
            "model-card.json",
            "model.safetensors",
            "config.json",
            "study.toml",
            "checkpoint");

    private final Sources sources;
    private final Map<String, RunSummary> ended = newest(KEPT);
    private final Map<String, Line> endedLines = newest(KEPT_LINES);

    RunFacts(Sources sources) {
        this.sources = sources;
    }

    private static <V> Map<String, V> newest(int most) {
        return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        });
    }

    /** A run in a list. */
    record Line(
            String runId,
            String study,
            RunOutcome state,
            String reason,
            Instant started,
            int round,
            int rounds,
            String sum,
            String phase,
            @Nullable Double r2) {}

    Page<Line> list(Page.Window window) {
        return new Page<>(
                sources.runs().count(),
                window.offset(),
                sources.runs().runs(window.offset(), window.limit()).stream()
                        .map(this::line)
                        .toList());
    }

    private Line line(RunStore.Row row) {
        Line known = endedLines.get(row.id());
        if (known != null) {
            return known;
        }
        Line line = line(summary(row.id()), Instant.ofEpochMilli(row.startedUnixMs()));
        if (line.state().terminal() && sources.engine().settled(row.id())) {
            endedLines.put(row.id(), line);
        }
        return line;
    }

    private static Line line(RunSummary run, Instant started) {
        Double r2 = run.history().stream()
                .map(RoundSummary::evaluation)
                .filter(Objects::nonNull)
                .reduce((earlier, later) -> later)
                .map(EvaluationSummary::r2)
                .orElse(null);
        return new Line(
                run.runId(),
                run.study(),
                run.state(),
                run.reason(),
                started,
                run.round(),
                run.rounds(),
                run.sum(),
                run.phase(),
                r2);
    }

    /** The whole status document. */
    RunSummary summary(String runId) {
        if (!ID.matcher(runId).matches()) {
            throw Problem.notFound("there is no run of that name");
        }
        RunSummary known = ended.get(runId);
        if (known != null) {
            return known;
        }
        RunSummary found =
                sources.engine().status(runId).orElseThrow(() -> Problem.notFound("there is no run '" + runId + "'"));
        if (found.state().terminal() && sources.engine().settled(runId)) {
            ended.put(runId, found);
        }
        return found;
    }

    /** Scores of one round, for a plot. */
    record Score(int round, RoundOutcome outcome, @Nullable EvaluationSummary evaluation) {}

    /** A run's scores. */
    record Scores(String runId, List<Score> rounds) {}

    Scores scores(String runId) {
        return new Scores(
                runId,
                summary(runId).history().stream()
                        .map(round -> new Score(round.round(), round.outcome(), round.evaluation()))
                        .toList());
    }

    Path folder(String runId) {
        return sources.runFolders().resolve(summary(runId).runId());
    }

    /** What of the run's folder can be fetched. */
    List<String> files(String runId) {
        Path folder = folder(runId);
        return FILES.stream()
                .filter(name -> Files.isRegularFile(folder.resolve(name)))
                .toList();
    }

    /** One of those files. */
    Path file(String runId, String name) {
        if (!files(runId).contains(name)) {
            throw new Problem(
                    404,
                    "run " + runId + " has no " + (FILES.contains(name) ? name + " yet" : "such file"),
                    "wait for the run's end: its folder is written then");
        }
        return folder(runId).resolve(name);
    }
}
