package org.commissure.site.round;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.identity.BadSignatureException;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.protocol.UserError;
import org.commissure.protocol.fault.FaultPoint;
import org.commissure.protocol.logging.LogContext;
import org.commissure.protocol.v1.AggregateResult;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.ReadinessRequest;
import org.commissure.protocol.v1.RoundInvitation;
import org.commissure.protocol.v1.RunFinished;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.StepFailed;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.compute.OwnStateFile;
import org.commissure.site.connection.FrameListener;
import org.commissure.site.storage.SumRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell around the phases: hands each event to the phase its sum is in, makes the outcome
 * durable, and only then lets the new phase speak. Everything happens on one round thread; transport
 * and worker threads only queue events, so heartbeats go on while the site works.
 */
final class SiteRounds implements FrameListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SiteRounds.class);

    /** How soon the agent notices what a steward's command wrote. */
    private static final long WATCH_MILLISECONDS = 1_000;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("rounds").daemon().factory());
    private final Map<SumId, SumInProgress> open = new HashMap<>();
    private final SiteServices site;
    private final RefusalEntries refusals = new RefusalEntries();
    private final StewardDecisions decisions;
    private volatile SumObserver observer = SumObserver.NONE;

    /** @param services builds what the phases work with, given where the worker's results go */
    SiteRounds(Function<LocalWork.Results, SiteServices> services) {
        site = services.apply(this::post);
        decisions = new StewardDecisions(site);
        queue(this::logCharges);
        var unused = thread.scheduleWithFixedDelay(
                guarded(this::watch), WATCH_MILLISECONDS, WATCH_MILLISECONDS, TimeUnit.MILLISECONDS);
    }

    /** Tells {@code observer} how sums go on from now on. */
    void observe(SumObserver observer) {
        this.observer = observer;
    }

    /** What other processes of this site wrote into its database: approvals, revocations, withdrawals. */
    private void watch() {
        decisions.announce();
        List.copyOf(open.values()).stream()
                .filter(sum -> !sum.phase().isTerminal())
                .forEach(this::leaveIfRevoked);
    }

    /** @return whether the sum has ended here because a steward took the approval back */
    private boolean leaveIfRevoked(SumInProgress sum) {
        boolean promised = !(sum.phase() instanceof SealingPhase) && !(sum.phase() instanceof RefusedPhase);
        Optional<String> revoked = promised ? decisions.forbids(sum) : Optional.empty();
        revoked.ifPresent(reason -> enter(AbandonedPhase.failed(sum.phase().name(), reason, sum), sum));
        return revoked.isPresent();
    }

    /** Before anything else: the log shall hold every charge that the ledger holds. */
    private void logCharges() {
        List<LogEntry> entries = PrivacyCharge.unlogged(site);
        site.database()
                .transaction(handle -> entries.forEach(
                        entry -> site.outbox().add(handle, site.signing().sign(entry))));
    }

    @Override
    public void connected() {
        queue(() -> {
            LOG.info("connected to the coordinator");
            decisions.connected();
            decisions.announce();
        });
    }

    @Override
    public void received(CoordinatorFrame frame) {
        queue(() -> dispatch(frame));
    }

    private void post(SumId sum, SiteEvent event) {
        queue(() -> handle(sum, event));
    }

    private void queue(Runnable step) {
        try {
            thread.execute(guarded(step));
        } catch (RejectedExecutionException e) {
            LOG.debug("a message came during shutdown");
        }
    }

    private Runnable guarded(Runnable step) {
        return () -> {
            LogContext.clear();
            LogContext.turnTo(site.signing().name());
            try {
                step.run();
            } catch (RuntimeException e) {
                LOG.error("a message of the coordinator, or of this site's staff, could not be handled", e);
            }
        };
    }

    private void dispatch(CoordinatorFrame frame) {
        switch (frame.getBodyCase()) {
            case STUDY_PLAN -> decisions.received(frame.getStudyPlan());
            case INVITATION -> invited(frame);
            case SECURE_SUM_CONFIG ->
                parsed(frame.getSecureSumConfig(), SecureSumConfig.parser())
                        .ifPresent(config -> handle(config.getSum(), new SiteEvent.Received(frame)));
            case ROSTER -> handle(frame.getRoster().getSum(), new SiteEvent.Received(frame));
            case SHARE_DELIVERY -> handle(frame.getShareDelivery().getSum(), new SiteEvent.Received(frame));
            case SURVIVOR_PROPOSAL -> handle(frame.getSurvivorProposal().getSum(), new SiteEvent.Received(frame));
            case UNMASK_REQUEST -> handle(frame.getUnmaskRequest().getSum(), new SiteEvent.Received(frame));
            case AGGREGATE_RESULT ->
                opened("aggregate result", frame.getAggregateResult(), AggregateResult.parser())
                        .ifPresent(result -> released(result, frame));
            case CHECK_CHALLENGE -> handle(frame.getCheckChallenge().getSum(), new SiteEvent.Received(frame));
            case CHECK_EVIDENCE -> handle(frame.getCheckEvidence().getSum(), new SiteEvent.Received(frame));
            case SUM_ABORTED ->
                end(
                        frame.getSumAborted().getSum(),
                        new AbandonedPhase(),
                        "aborted by the coordinator: " + frame.getSumAborted().getReason());
            case LOG_RECEIPT -> logged(frame);
            case READINESS_REQUEST ->
                opened("readiness request", frame.getReadinessRequest(), ReadinessRequest.parser())
                        .flatMap(request -> ReadinessAnswer.to(frame.getReadinessRequest(), request, site))
                        .ifPresent(site.link()::send);
            case RUN_FINISHED -> finished(frame.getRunFinished());
            default -> LOG.debug("ignored a frame of kind {}", frame.getBodyCase());
        }
    }

    private void invited(CoordinatorFrame frame) {
        Optional<RoundInvitation> asked = opened("invitation", frame.getInvitation(), RoundInvitation.parser());
        if (asked.isEmpty()) {
            return;
        }
        SumId id = asked.get().getSum();
        Optional<SumInProgress> known = find(id);
        if (known.isEmpty()) {
            LogContext.turnTo(id);
            LOG.info("invited to {}", SumInProgress.describe(id));
            closeOthers(id);
            open.put(
                    id,
                    SumInProgress.asked(
                            frame.getInvitation(), asked.get(), site.clock().millis()));
        } else if (!known.get().asked().equals(asked.get())) {
            LOG.warn("refused a second, different invitation to {}", SumInProgress.describe(id));
            refusals.log(
                    new SecAggException("invitation", "coordinator", "it is a second, different one in one attempt"),
                    id,
                    known.get().phase().name(),
                    site);
            return;
        }
        handle(id, new SiteEvent.Received(frame));
    }

    /** A coordinator runs one sum of a run at a time: whatever came before is over. */
    private void closeOthers(SumId current) {
        for (SumRow row : site.sums().unfinished(current.getRunId())) {
            if (!row.sum().equals(current)) {
                end(row.sum(), new AbandonedPhase(), "another sum of the run began");
            }
        }
    }

    private void logged(CoordinatorFrame frame) {
        site.outbox()
                .received(
                        frame.getLogReceipt().getEntrySha256(),
                        frame.getLogReceipt().getIndex());
        for (SumRow row : site.sums().inPhase(new SealingPhase().name())) {
            handle(row.sum(), new SiteEvent.EntryLogged());
        }
    }

    private void finished(RunFinished message) {
        LOG.info("run {} has ended: {}", message.getRunId(), message.getOutcome());
        for (SumRow row : site.sums().unfinished(message.getRunId())) {
            end(row.sum(), new AbandonedPhase(), "the run ended");
        }
    }

    private void handle(SumId id, SiteEvent event) {
        LogContext.turnTo(id);
        Optional<SumInProgress> found = find(id);
        if (found.isEmpty()) {
            LOG.info("ignored a message about {}, which this site does not know", SumInProgress.describe(id));
            return;
        }
        SumInProgress sum = found.get();
        SitePhase phase = sum.phase();
        if (!phase.isTerminal() && leaveIfRevoked(sum)) {
            return;
        }
        try {
            Optional<SitePhase> next = phase.on(event, sum, site);
            if (next.isPresent()) {
                enter(next.get(), sum);
            } else {
                LOG.debug("{}: nothing to do about a message while {}", sum, phase.name());
                forgetIfTerminal(sum);
            }
        } catch (SecAggException e) {
            observer.refused();
            LOG.warn("{}: refused what the coordinator asked: {}", sum, e.getMessage());
            refusals.log(e, id, phase.name(), site);
            site.link()
                    .send(SiteFrame.newBuilder()
                            .setStepFailed(StepFailed.newBuilder()
                                    .setSum(id)
                                    .setStep(phase.name())
                                    .setReason(String.valueOf(e.getMessage())))
                            .build());
        } catch (RuntimeException e) {
            giveUp(sum, e);
        }
    }

    private void enter(SitePhase next, SumInProgress sum) {
        String left = sum.phase().name();
        boolean moved = !next.name().equals(left);
        LogContext.turnTo(sum.id());
        List<Signed> entries = sum.enter(next, site);
        if (moved) {
            observer.entered(sum.id(), left, next.name());
            LOG.info("{}: {}{}", sum, next.name(), sum.note().isEmpty() ? "" : " (" + sum.note() + ")");
            if (sum.id().getKind() != SumKind.EVALUATE) {
                FaultPoint.at("site." + next.name(), sum.id().getRound());
            }
        }
        entries.forEach(decisions::send);
        next.speak(sum, site);
        forgetIfTerminal(sum);
    }

    /** What has ended is read from the database again where a late message asks. */
    private void forgetIfTerminal(SumInProgress sum) {
        if (sum.phase().isTerminal()) {
            open.remove(sum.id());
        }
    }

    /** Where sums are checked, a survivor answers the result; for everybody else it is the end. */
    private void released(AggregateResult result, CoordinatorFrame frame) {
        SumId id = result.getSum();
        find(id).filter(sum -> sum.isIn(result)).ifPresent(this::keepOwnState);
        if (find(id).filter(SiteRounds::checks).isPresent()) {
            handle(id, new SiteEvent.Received(frame));
        } else {
            end(id, new ReleasedPhase(), "the sum was released");
        }
    }

    /** Before the sum is over here: after that nobody would look for it again. */
    private void keepOwnState(SumInProgress sum) {
        try {
            OwnStateFile.commit(site.pendingOwnState(sum.id()), site.ownState(sum.id()));
        } catch (IOException e) {
            LOG.error("{}: this site's own part of the model stays as it was: {}", sum, e.getMessage());
        }
    }

    private static boolean checks(SumInProgress sum) {
        return sum.phase() instanceof OpenedPhase
                || sum.phase() instanceof ProvedPhase
                || sum.phase() instanceof UnmaskedPhase
                        && sum.study().secureAggregation().checksSum();
    }

    private void end(SumId id, SitePhase terminal, String why) {
        find(id).ifPresentOrElse(
                        sum -> {
                            if (sum.phase() instanceof OpenedPhase || sum.phase() instanceof ProvedPhase) {
                                logUnchecked(sum, why);
                            }
                            if (sum.phase().isTerminal()) {
                                forgetIfTerminal(sum);
                            } else {
                                sum.forget(why);
                                enter(terminal, sum);
                            }
                        },
                        () -> LOG.debug("{} ended, which this site does not know", SumInProgress.describe(id)));
    }

    private void logUnchecked(SumInProgress sum, String why) {
        sum.log(
                LogEntries.of(
                                Actions.SUM_UNCHECKED,
                                Outcome.FAILED,
                                site.clock().instant())
                        .actor(site.signing().name())
                        .run(sum.id().getRunId())
                        .round(sum.id().getRound())
                        .attempt(sum.id().getAttempt())
                        .detail(why)
                        .fact("sum", sum.id().getKind().name())
                        .build(),
                site);
    }

    /** Something that no phase expects: a full disk, a damaged folder, a defect. */
    private void giveUp(SumInProgress sum, RuntimeException cause) {
        String reason = "the site cannot go on; see the site's log";
        if (cause instanceof UserError problem) {
            LOG.error("{}: {}; remedy: {}", sum, problem.getMessage(), problem.remedy());
        } else {
            LOG.error("{}: failed while {}", sum, sum.phase().name(), cause);
        }
        try {
            enter(AbandonedPhase.failed(sum.phase().name(), reason, sum), sum);
        } catch (RuntimeException e) {
            LOG.error("{}: its end cannot be stored either: {}", sum, e.getMessage());
            sum.answer().ifPresent(site.link()::send);
        }
    }

    private Optional<SumInProgress> find(SumId id) {
        if (!open.containsKey(id)) {
            site.sums().find(id).ifPresent(row -> {
                open.put(id, SumInProgress.restore(row, site));
            });
        }
        return Optional.ofNullable(open.get(id));
    }

    private <M extends Message> Optional<M> opened(String step, Signed signed, Parser<M> parser) {
        try {
            return Optional.of(SignedMessages.open(signed, parser, site.coordinatorSigning()));
        } catch (BadSignatureException e) {
            observer.refused();
            LOG.warn("refused a message in the coordinator's name: {}", e.getMessage());
            refusals.log(
                    new SecAggException(step, "coordinator", String.valueOf(e.getMessage())),
                    SumId.getDefaultInstance(),
                    "",
                    site);
            return Optional.empty();
        }
    }

    /** Unverified: only to find the sum, whose phase verifies. */
    private static <M> Optional<M> parsed(Signed signed, Parser<M> parser) {
        try {
            return Optional.of(parser.parseFrom(signed.getPayload()));
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("ignored a signed message that cannot be decoded");
            return Optional.empty();
        }
    }

    /** Stops the worker and this thread; what was not begun is asked for again. */
    @Override
    public void close() {
        site.work().close();
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("the round thread did not stop within ten seconds");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
