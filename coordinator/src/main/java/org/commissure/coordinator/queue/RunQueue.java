package org.commissure.coordinator.queue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commissure.coordinator.round.LogPublisher;
import org.commissure.coordinator.round.RunEngine;
import org.commissure.coordinator.storage.QueuedRuns;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.durable.PendingFile;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.protocol.UserError;
import org.commissure.protocol.config.OpeningHours;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue: each time that no run is under way, the first queued run that waits for nothing else begins. One that waits for
 * its time, its study's hours or approvals lets others pass; one that the coordinator refuses stays, with the reason, until a
 * person removes it or has it tried again.
 *
 * <p>A queued run is a row and a folder {@code queue/ID/} with its initial model; the folder is whole before the row is there,
 * and the row goes after the run has begun. So a crash at any moment loses no run and starts none twice. Thread-safe.
 */
public final class RunQueue {
    private static final Logger LOG = LoggerFactory.getLogger(RunQueue.class);
    private static final String MODEL = "model.safetensors";
    private static final String CHECKED = ".check";

    private final QueuedRuns rows;
    private final RunEngine engine;
    private final Starter starter;
    private final Function<String, Set<String>> approvedBy;
    private final Supplier<Set<String>> sites;
    private final Path folder;
    private final LogPublisher log;
    private final Clock clock;

    /** Starts runs. */
    public interface Starter {
        /**
         * Checks what can be checked before it is a run's turn.
         *
         * @param wantedId empty for a new one
         * @param scratch a folder that may be used and is deleted afterwards
         * @return the run's id
         * @throws UserError if it could not begin
         */
        String check(String studyText, Path model, String wantedId, Path scratch);

        /** Begins a queued run. @throws UserError if it cannot begin; it is logged */
        void startQueued(String studyText, Path model, String runId);
    }

    /**
     * On which a run begins.
     *
     * @param approvals sites that must have approved the study's plan; empty: as many as its quorum
     */
    public record Terms(Instant notBefore, Optional<Integer> approvals) {}

    /** Where a run stands. @param position from 1 */
    public record Place(String runId, int position) {}

    /**
     * @param approvedBy names of the sites that approved a plan of exactly that study
     * @param sites names of the enrolled ones
     * @param folder {@code queue/}
     */
    public RunQueue(
            QueuedRuns rows,
            RunEngine engine,
            Starter starter,
            Function<String, Set<String>> approvedBy,
            Supplier<Set<String>> sites,
            Path folder,
            LogPublisher log,
            Clock clock) {
        this.rows = rows;
        this.engine = engine;
        this.starter = starter;
        this.approvedBy = approvedBy;
        this.sites = sites;
        this.folder = folder;
        this.log = log;
        this.clock = clock;
    }

    /** Deletes what runs left that were being added when the process ended. Call once, before any other method. */
    public void open() {
        try {
            Set<String> known = rows.rows().stream().map(QueuedRuns.Row::runId).collect(Collectors.toSet());
            if (!Files.isDirectory(folder)) {
                return;
            }
            try (Stream<Path> listing = Files.list(folder)) {
                for (Path left : listing.toList()) {
                    if (!known.contains(left.getFileName().toString())) {
                        delete(left);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the queue's folder cannot be read", e);
        }
    }

    /**
     * Adds a run at the end.
     *
     * @param model is copied
     * @throws UserError if it could not begin even if it were its turn
     */
    public synchronized Place add(String studyText, Path model, String wantedId, Terms terms) {
        Path scratch = folder.resolve(CHECKED); // no run has such a name
        String runId;
        try {
            runId = starter.check(studyText, model, wantedId, scratch);
        } finally {
            delete(scratch);
        }
        if (rows.row(runId).isPresent()) {
            throw queuedAlready(runId);
        }
        StudyFile study = StudyFile.parse(studyText);
        int quorum = study.study().quorum().minimumSites();
        QueuedRuns.Row row = new QueuedRuns.Row(
                runId, studyText, terms.notBefore(), terms.approvals().orElse(quorum), clock.instant(), "");
        Path own = folder.resolve(runId);
        try {
            DurableFile.createFolders(own);
            try (PendingFile pending = PendingFile.in(own)) {
                Files.copy(model, pending.stream());
                pending.commit(MODEL);
            }
        } catch (IOException e) {
            throw new UserError(
                    "the queued run's model cannot be kept: " + e.getMessage(),
                    "free space on the coordinator's disk",
                    e);
        }
        if (!rows.add(row, said(Actions.RUN_QUEUED, row, ""))) {
            throw queuedAlready(runId);
        }
        log.publish();
        return new Place(runId, rows.rows().size());
    }

    private static UserError queuedAlready(String runId) {
        return new UserError("a run '" + runId + "' is queued already", "choose another --run-id");
    }

    /** In their order. */
    public List<QueuedRun> list() {
        List<QueuedRun> list = new ArrayList<>();
        for (QueuedRuns.Row row : rows.rows()) {
            StudyFile study = StudyFile.parse(row.study());
            Set<String> approved = new TreeSet<>(approvedBy.apply(row.study()));
            Reason reason = reason(row, study, approved);
            list.add(new QueuedRun(
                    list.size() + 1,
                    row.runId(),
                    study.study().study().name(),
                    reason.waiting(),
                    reason.why(),
                    row.notBefore().equals(Instant.EPOCH)
                            ? null
                            : row.notBefore().toString(),
                    row.queued().toString(),
                    row.approvals(),
                    List.copyOf(approved)));
        }
        return list;
    }

    public int size() {
        return rows.rows().size();
    }

    private record Reason(Waiting waiting, String why) {}

    private Reason reason(QueuedRuns.Row row, StudyFile study, Set<String> approved) {
        Instant now = clock.instant();
        if (!row.problem().isEmpty()) {
            return new Reason(Waiting.REFUSED, row.problem());
        }
        if (now.isBefore(row.notBefore())) {
            return new Reason(Waiting.TIME, "begins not before " + row.notBefore());
        }
        if (approved.size() < row.approvals()) {
            Set<String> missing = new TreeSet<>(sites.get());
            missing.removeAll(approved);
            return new Reason(
                    Waiting.APPROVALS,
                    approved.size() + " of " + row.approvals() + " sites have approved its plan; no approval yet of "
                            + String.join(", ", missing));
        }
        Optional<OpeningHours> closed = study.study().hours().filter(hours -> !hours.isOpen(now));
        return closed.map(hours -> new Reason(
                        Waiting.HOURS,
                        "the study's hours are " + hours.words() + "; they begin at "
                                + hours.opensAfter(now)
                                        .truncatedTo(ChronoUnit.MINUTES)
                                        .toOffsetDateTime()))
                .orElseGet(() -> new Reason(Waiting.TURN, "begins when no run is under way"));
    }

    /** @param place from 1 @throws UserError if it is not queued */
    public synchronized void move(String runId, int place) {
        require(runId, rows.move(runId, place));
    }

    /** Lets one that was refused have its turn again. @throws UserError if it is not queued */
    public synchronized void retry(String runId) {
        require(runId, rows.setProblem(runId, ""));
    }

    /** @param how for the log, without a person's name @throws UserError if it is not queued */
    public synchronized void remove(String runId, String how) {
        Optional<QueuedRuns.Row> row = rows.row(runId);
        require(runId, row.isPresent() && rows.remove(runId, List.of(said(Actions.RUN_UNQUEUED, row.get(), how))));
        log.publish();
        delete(folder.resolve(runId));
    }

    private static void require(String runId, boolean there) {
        if (!there) {
            throw new UserError(
                    "no run '" + runId + "' is queued",
                    "see 'commissure coordinator run queue list' for those that are");
        }
    }

    /** Begins the next run if there is one and none is under way. Call again and again. */
    public synchronized void look() {
        for (QueuedRuns.Row row : rows.rows()) {
            if (!engine.idle()) {
                return;
            }
            if (engine.status(row.runId()).isPresent()) {
                begun(row); // before the process ended
            } else if (mayBegin(row)) {
                begin(row);
            }
        }
    }

    private boolean mayBegin(QueuedRuns.Row row) {
        return reason(row, StudyFile.parse(row.study()), approvedBy.apply(row.study()))
                        .waiting()
                == Waiting.TURN;
    }

    private void begin(QueuedRuns.Row row) {
        try {
            starter.startQueued(row.study(), model(row.runId()), row.runId());
            begun(row);
        } catch (UserError e) {
            if (engine.idle()) {
                LOG.warn("the queued run {} is refused: {}", row.runId(), e.getMessage());
                var unused = rows.setProblem(row.runId(), e.getMessage() + "; " + e.remedy());
            }
        }
    }

    private void begun(QueuedRuns.Row row) {
        var unused = rows.remove(row.runId(), List.of());
        delete(folder.resolve(row.runId()));
    }

    private Path model(String runId) {
        return folder.resolve(runId).resolve(MODEL);
    }

    private LogEntry said(String action, QueuedRuns.Row row, String detail) {
        StudyFile study = StudyFile.parse(row.study());
        return LogEntries.of(action, Outcome.DONE, clock.instant())
                .actor(CertificateName.COORDINATOR)
                .run(row.runId())
                .detail(detail.isEmpty() ? study.study().study().name() : detail)
                .fact("study_sha256", HexFormat.of().formatHex(study.sha256()))
                .build();
    }

    private static void delete(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path each : walk.toList().reversed()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}; it is at the next start", tree, e.getMessage());
        }
    }
}
