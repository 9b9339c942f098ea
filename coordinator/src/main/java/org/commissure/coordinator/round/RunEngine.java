package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.commissure.coordinator.aggregation.UploadSpool;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.privacy.secagg.Ring;
import org.commissure.protocol.UserError;
import org.commissure.protocol.fault.FaultPoint;
import org.commissure.protocol.logging.LogContext;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SumId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell around {@link RunMachine}: one thread that takes an event, applies it, makes it durable
 * together with its log entries, and only then executes the commands. At most one run is under way;
 * the newest one stays visible after it has ended.
 *
 * <p>All public methods may be called from any thread. A failure of the shell itself (a full disk, a
 * defect) ends the run as {@link RunOutcome#FAILED} with its cause; it never leaves it hanging.
 */
public final class RunEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunEngine.class);

    private final RunJournal journal;
    private final LogPublisher log;
    private final Outbound outbound;
    private final UploadSpool spool;
    private final RunWork work;
    private final Frames frames;
    private final SiteFrames reader;
    private final Clock clock;
    private final SiteActivity activity = new SiteActivity();
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("run").factory());
    private final RunTimers timers;
    private final LogTurns logTurns;
    private volatile RunObserver observer = (event, before, after) -> {};
    private volatile @Nullable RunState state;
    private volatile boolean settled = true;

    public RunEngine(
            RunJournal journal,
            LogPublisher log,
            Outbound outbound,
            UploadSpool spool,
            RunWork work,
            CoordinatorSums sums,
            SigningIdentity coordinator,
            Clock clock) {
        this.journal = journal;
        this.log = log;
        this.logTurns = new LogTurns(log, e -> run(() -> broken(e)));
        this.outbound = outbound;
        this.spool = spool;
        this.work = work;
        this.frames = new Frames(coordinator);
        this.reader = new SiteFrames(sums, spool);
        this.clock = clock;
        this.timers = new RunTimers(thread, clock);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Tells {@code observer} of what happens from now on. */
    public void observe(RunObserver observer) {
        this.observer = observer;
    }

    /** How many events and timers are due and not yet handled. */
    public long queued() {
        return thread.getQueue().stream()
                .filter(task -> ((Delayed) task).getDelay(TimeUnit.NANOSECONDS) <= 0)
                .count();
    }

    /** Takes up the newest run where its events end. Call once, before any site can connect. */
    public void resume() {
        inTurn(() -> {
            Optional<String> newest = journal.newestRun();
            if (newest.isEmpty()) {
                return;
            }
            List<RunEvent> events = journal.events(newest.get());
            RunState replayed = RunMachine.replay(events);
            state = replayed;
            settled = journal.isWritten(newest.get());
            activity.recount(events);
            if (!replayed.outcome().terminal()) {
                LOG.info(
                        "run {} is taken up at {}, {}",
                        newest.get(),
                        replayed.sum(),
                        replayed.phase().label());
                handle(new RunEvent.Restarted(now()));
            } else if (!journal.isWritten(newest.get())) {
                execute(replayed, List.of(new Command.WriteRun()));
            }
        });
    }

    /** @throws UserError if a run is under way already, or the first event cannot be made durable */
    public void start(RunEvent.RunStarted first) {
        inTurn(() -> {
            RunState now = state;
            if (now != null && !now.outcome().terminal()) {
                throw new UserError(
                        "run " + now.plan().runId() + " is still under way",
                        "queue this one ('run start --queue'), wait for its end ('run watch') or end it with 'run cancel'");
            }
            if (!journal.events(first.runId()).isEmpty()) {
                throw new UserError("a run '" + first.runId() + "' exists already", "choose another --run-id");
            }
            Transition begun = RunMachine.start(first);
            try {
                journal.begin(first, entries(begun));
            } catch (RuntimeException e) {
                throw new UserError(
                        "the run cannot be recorded: " + Causes.of(e),
                        "free space on the coordinator's disk and start it again",
                        e);
            }
            activity.clear();
            settled = false;
            try {
                commit(now, begun);
                observer.happened(first, null, begun.state());
            } catch (RuntimeException e) {
                broken(e);
            }
        });
    }

    /** The site's control stream is open. */
    public void siteConnected(String site, X509Certificate signingCertificate) {
        ByteString certificate =
                ByteString.copyFrom(org.commissure.privacy.identity.Certificates.der(signingCertificate));
        submit(() -> new RunEvent.SiteConnected(now(), site, certificate));
    }

    /** The site's newest control stream is closed. */
    public void siteDisconnected(String site) {
        submit(() -> new RunEvent.SiteDisconnected(now(), site));
    }

    public void cancel(String reason) {
        decided(new RunEvent.RunCancelled(now(), reason));
    }

    /** From the end of the present round on no other begins. @param reason for the log, without a person's name */
    public void pause(String reason) {
        decided(new RunEvent.RunPaused(now(), reason));
    }

    /** Lets rounds begin again. */
    public void continueRun() {
        decided(new RunEvent.RunContinued(now()));
    }

    private void decided(RunEvent event) {
        inTurn(() -> handle(event));
    }

    /** Takes a frame that is about a run; the site's name comes from its certificate. */
    public void received(String site, X509Certificate signingCertificate, SiteFrame frame) {
        if (frame.hasProgress()) {
            RunState now = state;
            if (now != null && now.sumId().equals(frame.getProgress().getSum())) {
                activity.progress(
                        site,
                        frame.getProgress().getActivity(),
                        frame.getProgress().getFraction());
            }
            return;
        }
        run(() -> {
            LogContext.turnTo(site);
            RunState now = state;
            if (now == null) {
                LOG.info("ignored: a message of {}, but there is no run", site);
                return;
            }
            SiteFrames.Reading reading = switch (frame.getBodyCase()) {
                case INVITATION_REPLY ->
                    reader.invitationReply(now, site, signingCertificate, frame.getInvitationReply(), now());
                case STEP_FAILED -> reader.stepFailed(now, site, frame.getStepFailed(), now());
                case ADVERTISE_KEYS -> answer(now, site, Step.ADVERTISE_KEYS, frame.getAdvertiseKeys());
                case SHARE_KEYS -> answer(now, site, Step.SHARE_KEYS, frame.getShareKeys());
                case MASKED_HEADER -> answer(now, site, Step.MASKED_HEADER, frame.getMaskedHeader());
                case SURVIVOR_VOTE -> answer(now, site, Step.SURVIVOR_VOTE, frame.getSurvivorVote());
                case UNMASK_SHARES -> answer(now, site, Step.UNMASK_SHARES, frame.getUnmaskShares());
                case CHECK_OPENING -> answer(now, site, Step.CHECK_OPENING, frame.getCheckOpening());
                case CHECK_VALUE -> answer(now, site, Step.CHECK_VALUE, frame.getCheckValue());
                default -> SiteFrames.Reading.ignored("an unexpected frame of " + site);
            };
            if (!reading.note().isEmpty()) {
                LOG.info("ignored: {}", reading.note());
            }
            reading.event().ifPresent(this::handle);
        });
    }

    private SiteFrames.Reading answer(RunState now, String site, Step step, Signed signed) {
        return reader.answer(now, site, step, signed, now());
    }

    /** How many bytes {@code site} may upload for {@code sum}; empty where it may not. */
    public OptionalLong uploadBytes(SumId sum, String site) {
        RunState now = state;
        if (now == null || !now.sumId().equals(sum) || !(now.phase() instanceof Collecting phase)) {
            return OptionalLong.empty();
        }
        return phase.waitingFor(now).contains(site)
                ? OptionalLong.of(phase.transcript().config().getDimension()
                        * new Ring(phase.transcript().config().getRingBits()).bytes())
                : OptionalLong.empty();
    }

    /** For the status: bytes of a masked vector that reached the disk. */
    public void uploaded(String site, long bytes) {
        activity.received(site, bytes);
    }

    /** The newest run, or empty where there was none. */
    public Optional<RunSummary> status() {
        return Optional.ofNullable(state).map(this::summary);
    }

    /** Any run by its id; empty where there is none. */
    public Optional<RunSummary> status(String runId) {
        RunState now = state;
        if (now != null && now.plan().runId().equals(runId)) {
            return Optional.of(summary(now));
        }
        List<RunEvent> events = journal.events(runId);
        if (events.isEmpty()) {
            return Optional.empty();
        }
        SiteActivity then = new SiteActivity();
        then.recount(events);
        return Optional.of(Summaries.of(RunMachine.replay(events), then, outbound.connected(), now()));
    }

    /** The newest run's state; for the parts of the coordinator that serve its models. */
    public Optional<RunState> state() {
        return Optional.ofNullable(state);
    }

    /** Whether nothing more will happen to a run: it has ended and its folder was written (or could not be). */
    public boolean settled(String runId) {
        RunState now = state;
        return now == null || !now.plan().runId().equals(runId) || idle();
    }

    /** Whether a run could begin now: none is under way, and the last one's folder was written (or could not be). */
    public boolean idle() {
        RunState now = state;
        return now == null || (now.outcome().terminal() && settled);
    }

    private RunSummary summary(RunState run) {
        return Summaries.of(run, activity, outbound.connected(), now());
    }

    private void submit(Supplier<RunEvent> event) {
        run(() -> handle(event.get()));
    }

    /** In turn, what was begun for one run: nothing once that run has ended, for the next one's sums bear the same names. */
    private void ofRun(String runId, Runnable task) {
        run(() -> {
            RunState now = state;
            if (now != null
                    && now.plan().runId().equals(runId)
                    && !now.outcome().terminal()) {
                task.run();
            }
        });
    }

    private void run(Runnable task) {
        try {
            thread.execute(() -> {
                turnToRun();
                try {
                    task.run();
                } catch (RuntimeException e) {
                    broken(e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("the coordinator is closing", e);
        }
    }

    private void turnToRun() {
        LogContext.clear();
        state().ifPresent(now -> LogContext.turnTo(now.sumId()));
    }

    private void handle(RunEvent event) {
        RunState before = state;
        if (before == null) {
            return;
        }
        try {
            Transition transition = RunMachine.apply(before, event);
            if (!transition.unchanged(before)) {
                journal.append(before.plan().runId(), event, entries(transition));
            }
            commit(before, transition);
            observer.happened(event, before, transition.state());
        } catch (RuntimeException e) {
            broken(e);
        }
    }

    /** From here on the event is durable; whatever follows happens again after a crash. */
    private void commit(@Nullable RunState before, Transition transition) {
        RunState after = transition.state();
        state = after;
        LogContext.turnTo(after.sumId());
        boolean newPhase = before == null
                || !before.phase().label().equals(after.phase().label())
                || !before.sum().equals(after.sum());
        if (newPhase) {
            activity.idle();
            LOG.info(
                    "run {}: {}, {}",
                    after.plan().runId(),
                    after.sum(),
                    after.phase().label());
            if (Course.releasesModel(after.sum().kind())) {
                FaultPoint.at(
                        "coordinator." + after.phase().label(), after.sum().round());
            }
        }
        logTurns.soon(after.sumId());
        execute(after, transition.commands());
    }

    private static List<LogEntry> entries(Transition transition) {
        List<LogEntry> entries = new ArrayList<>();
        for (Command command : transition.commands()) {
            if (command instanceof Command.Append append) {
                entries.add(append.entry());
            }
        }
        return entries;
    }

    private void execute(RunState run, List<Command> commands) {
        String runId = run.plan().runId();
        for (Command command : commands) {
            switch (command) {
                case Command.Send send ->
                    outbound.send(send.site(), send.message().getSerializedSize(), () -> frames.of(send.message()));
                case Command.Deliver deliver ->
                    outbound.send(deliver.site(), deliver.bytes(), () -> frames.of(deliver.message(spool::dealt)));
                case Command.ArmDeadline arm ->
                    at(arm.atUnixMs(), runId, () -> new RunEvent.DeadlineReached(now(), arm.sum(), arm.phase()));
                case Command.ArmGrace arm ->
                    at(arm.atUnixMs(), runId, () -> new RunEvent.GraceExpired(now(), arm.site(), arm.sinceUnixMs()));
                case Command.Aggregate aggregate ->
                    Thread.ofVirtual().name("aggregation").start(() -> aggregate(run, aggregate.transcript()));
                case Command.BeginSum begin ->
                    ofRun(runId, () -> handle(new RunEvent.SumStarted(now(), log.checkpointSha256())));
                case Command.ArmBegin begin ->
                    at(begin.atUnixMs(), runId, () -> new RunEvent.SumStarted(now(), log.checkpointSha256()));
                case Command.DiscardUploads discard ->
                    spool.discard(discard.sum().id(runId));
                case Command.WriteRun write -> writeRun(run);
                case Command.Note note -> LOG.info("{}", note.text());
                case Command.Append append -> {
                    // written with the event
                }
            }
        }
    }

    private void at(long unixMs, String runId, Supplier<RunEvent> event) {
        timers.at(unixMs, () -> ofRun(runId, () -> handle(event.get())));
    }

    private void aggregate(RunState run, Transcript transcript) {
        String runId = run.plan().runId();
        LogContext.turnTo(run.sumId());
        try {
            RunEvent result = work.open(run, transcript, now());
            ofRun(runId, () -> handle(result));
        } catch (Exception | OutOfMemoryError e) {
            ofRun(runId, () -> broken(e));
        } finally {
            // A vector as large as the model is garbage now, and the serial collector makes the heap larger before it
            // looks for any.
            System.gc();
        }
    }

    private void writeRun(RunState run) {
        String runId = run.plan().runId();
        try {
            log.publish();
            work.write(run, summary(run));
            journal.written(runId);
            LOG.info("run {} ended: {}, {}", runId, run.outcome(), run.reason());
        } catch (Exception e) {
            LOG.error(
                    "run {} ended ({}), but its folder could not be written: {}; free space and restart the"
                            + " coordinator, which writes it then",
                    runId,
                    run.outcome(),
                    Causes.of(e),
                    e);
        } finally {
            settled = true;
        }
    }

    /** The shell failed: the run ends, on disk if the disk lets us, and in memory in any case. */
    private void broken(Throwable cause) {
        if (thread.isShutdown()) {
            LOG.info("stopped while closing: {}; the run is taken up at the next start", Causes.of(cause));
            return;
        }
        RunState before = state;
        LOG.error("the coordinator cannot go on with the run: {}", Causes.of(cause), cause);
        if (before == null || before.outcome().terminal()) {
            return;
        }
        RunEvent.RunBroken event = new RunEvent.RunBroken(now(), Causes.of(cause));
        Transition end = RunMachine.apply(before, event);
        state = end.state();
        try {
            journal.append(before.plan().runId(), event, entries(end));
            log.publish();
        } catch (RuntimeException e) {
            LOG.error(
                    "the end of the run could not be recorded: {}; it is taken up again at the next start",
                    Causes.of(e));
        }
        try {
            execute(end.state(), end.commands());
        } catch (RuntimeException e) {
            LOG.error("the end of the run could not be told to everybody: {}", Causes.of(e));
        }
    }

    private void inTurn(Runnable task) {
        try {
            CompletableFuture.runAsync(
                            () -> {
                                turnToRun();
                                task.run();
                            },
                            thread)
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("interrupted", "try again", e);
        }
    }

    private long now() {
        return clock.millis();
    }

    @Override
    public void close() {
        // Not interrupted: an interrupt would close the files it is writing. What waits is dropped.
        thread.shutdown();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("the run's thread is still busy");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        logTurns.close();
    }
}
