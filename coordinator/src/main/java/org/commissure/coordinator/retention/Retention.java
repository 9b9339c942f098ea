package org.commissure.coordinator.retention;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunEvent;
import org.commissure.coordinator.round.RunMachine;
import org.commissure.coordinator.round.RunState;
import org.commissure.coordinator.storage.LogOutbox;
import org.commissure.coordinator.storage.RunStore;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Outcome;

/**
 * Applies a {@link RetentionRule} to the runs of a home. Never touched: a run that is under way or whose folder is incomplete;
 * what a run released last; its report, card, study and configuration; the log, its openings and the events, from which the
 * history of every run is read. Each run that loses files gets an entry in the log before the first one is deleted.
 *
 * <p>A coordinator may serve meanwhile.
 */
public final class Retention {
    private static final String MODELS = "models";
    private static final String SUMS = "sums";
    private static final String EVALUATIONS = "evaluations";

    private final RunStore runs;
    private final LogOutbox outbox;
    private final Path folder;
    private final Clock clock;

    /** @param folder {@code runs/} */
    public Retention(RunStore runs, LogOutbox outbox, Path folder, Clock clock) {
        this.runs = runs;
        this.outbox = outbox;
        this.folder = folder;
        this.clock = clock;
    }

    /** Every run, newest first, with what {@code rule} would take. */
    public List<KeptRun> plan(RetentionRule rule) {
        Optional<String> newest = runs.newestRun();
        return runs.runs(0, Integer.MAX_VALUE).stream()
                .map(row -> plan(row.id(), rule, newest.filter(row.id()::equals).isPresent()))
                .toList();
    }

    /** Deletes what {@link #plan} lists. @return what was deleted, of runs that lost something */
    public List<KeptRun> apply(RetentionRule rule) {
        List<KeptRun> losing =
                plan(rule).stream().filter(run -> !run.goes().isEmpty()).toList();
        for (KeptRun run : losing) {
            outbox.add(LogEntries.of(Actions.RETENTION_APPLIED, Outcome.DONE, clock.instant())
                    .actor(CertificateName.COORDINATOR)
                    .run(run.runId())
                    .detail(rule.words())
                    .fact("bytes", run.goesBytes())
                    .fact("evaluation_sums", count(run, EVALUATIONS))
                    .fact("models", count(run, MODELS))
                    .fact("sums", count(run, SUMS))
                    .build());
            for (String file : run.goes()) {
                try {
                    var unused = DurableFile.delete(folder.resolve(run.runId()).resolve(file));
                } catch (IOException e) {
                    throw new UserError(
                            run.runId() + "/" + file + " cannot be deleted: " + e.getMessage(),
                            "check the permissions and apply the rule again",
                            e);
                }
            }
        }
        return losing;
    }

    private static long count(KeptRun run, String kind) {
        return run.goes().stream().filter(file -> file.startsWith(kind + "/")).count();
    }

    private KeptRun plan(String runId, RetentionRule rule, boolean newest) {
        Path run = folder.resolve(runId);
        List<String> models = files(run, MODELS);
        List<String> sums = files(run, SUMS);
        List<String> evaluations = files(run, EVALUATIONS);
        Optional<Ended> ended = runs.isWritten(runId) ? ended(runId) : Optional.empty();
        List<String> goes = new ArrayList<>();
        List<String> loses = new ArrayList<>();
        Instant before = clock.instant().minus(rule.olderThan());
        if (ended.isPresent() && !ended.get().at().isAfter(before)) {
            Set<String> keep = kept(ended.get().state(), rule.keepRounds());
            models.stream().filter(file -> !keep.contains(file)).forEach(goes::add);
            if (!goes.isEmpty()) {
                loses.add("models of earlier rounds can no longer be downloaded or compared");
            }
            if (!newest && !sums.isEmpty()) {
                goes.addAll(sums); // sites that were away may still check the newest run's
                loses.add("a site that was away can no longer check the run's last sum");
            }
            if (rule.evaluationSums() && !evaluations.isEmpty()) {
                goes.addAll(evaluations);
                loses.add("'report verify' can no longer recompute the run's scores");
            }
        }
        List<String> all =
                Stream.of(models, sums, evaluations).flatMap(List::stream).toList();
        return new KeptRun(
                runId,
                ended.map(end -> end.at().toString()).orElse(null),
                models.size(),
                sums.size(),
                evaluations.size(),
                bytes(run, all),
                goes,
                bytes(run, goes),
                loses);
    }

    private record Ended(RunState state, Instant at) {}

    private Optional<Ended> ended(String runId) {
        List<RunEvent> events = runs.events(runId);
        RunState state = RunMachine.replay(events.subList(0, 1));
        for (RunEvent event : events.subList(1, events.size())) {
            state = RunMachine.apply(state, event).state();
            if (state.outcome().terminal()) {
                return Optional.of(new Ended(state, Instant.ofEpochMilli(event.atUnixMs())));
            }
        }
        return Optional.empty();
    }

    /** The last released model, and those of the newest rounds. */
    private static Set<String> kept(RunState state, int rounds) {
        Set<String> keep = new HashSet<>();
        keep.add(model(HexFormat.of().formatHex(state.modelSha256().toByteArray())));
        state.history().reversed().stream()
                .map(RoundSummary::modelSha256)
                .distinct()
                .limit(rounds)
                .forEach(sha256 -> keep.add(model(sha256)));
        return keep;
    }

    private static String model(String sha256) {
        return MODELS + "/" + sha256 + ".safetensors";
    }

    private static List<String> files(Path run, String kind) {
        Path in = run.resolve(kind);
        if (!Files.isDirectory(in)) {
            return List.of();
        }
        try (Stream<Path> listing = Files.list(in)) {
            return listing.filter(Files::isRegularFile)
                    .map(file -> kind + "/" + file.getFileName())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserError(in + " cannot be read: " + e.getMessage(), "check its permissions", e);
        }
    }

    private static long bytes(Path run, List<String> files) {
        long bytes = 0;
        for (String file : files) {
            try {
                bytes += Files.size(run.resolve(file));
            } catch (IOException e) {
                continue; // it vanished meanwhile
            }
        }
        return bytes;
    }
}
