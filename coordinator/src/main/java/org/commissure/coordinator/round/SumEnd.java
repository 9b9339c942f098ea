package org.commissure.coordinator.round;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.commissure.privacy.secagg.Bitmaps;
import org.commissure.protocol.study.RequiredSites;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.AggregateResult;
import org.commissure.protocol.v1.CheckEvidence;
import org.commissure.protocol.v1.RunFinished;
import org.commissure.protocol.v1.SumAborted;
import org.commissure.protocol.v1.SumKind;

/**
 * How a sum ends and what follows: another attempt, the next sum, or the end of the run.
 *
 * <pre>
 * a released sum          → the next one of the {@link Course}, or FINISHED
 * an aborted attempt      → the same sum again, up to rounds.maximum_attempts
 * an aborted TRAIN r      → TRAIN r + 1 with the model unchanged; two in a row → FAILED
 * an aborted EVALUATE r   → the evaluation is unavailable; TRAIN r + 1; of a fine-tuning EVALUATE 0 → FAILED
 * an aborted STATISTICS, SCALE, HARMONISE or FIT → FAILED; of a fine-tuning's baselines → FINISHED without them
 * a withheld sum          → as an aborted attempt; without differential privacy → FAILED
 * an attempt without a required site → as an aborted one, or FAILED, as the study says
 * an aborted REFINE   → the next sum with the model unchanged; an aborted OVERLAP → the first sum
 * </pre>
 */
final class SumEnd {
    private SumEnd() {}

    /** Tells a site that {@code run}'s present sum is over for it. */
    static Command tell(RunState run, String site, String phase, String reason) {
        return new Command.Send(
                site,
                SumAborted.newBuilder()
                        .setSum(run.sumId())
                        .setPhase(phase)
                        .setReason(reason)
                        .build());
    }

    /** Ends the present attempt without a result. */
    static Transition abort(RunState run, long atUnixMs, String reason) {
        String during = run.phase().label();
        RunState aborted = run.withPhase(new Aborted(during, reason));
        Transition logged = Transition.to(aborted).plus(RoundLog.aborted(run, atUnixMs, reason));
        if (run.sum().attempt() < run.plan().study().rounds().maximumAttempts()) {
            return settle(logged, atUnixMs);
        }
        RunState state = aborted;
        logged = logged.plus(RoundLog.givenUp(run, atUnixMs, reason));
        if (Course.releasesModel(run.sum().kind())) {
            int inARow = run.abortedInARow() + 1;
            state = aborted.withModel(
                    run.modelSha256(), inARow, appended(run, aborted(run, RoundOutcome.ABORTED, atUnixMs)));
            if (Course.isTheEnd(run.plan().study(), run.sum().kind(), inARow)) {
                String what = run.sum().kind() == SumKind.TRAIN
                        ? inARow + " rounds in a row were aborted"
                        : "every attempt at the sum " + run.sum().kind() + " was aborted";
                state = state.ended(RunOutcome.FAILED, what + "; the last one while " + during + ": " + reason);
            }
        } else if (run.sum().round() == 0) {
            state = aborted.withModel(
                    run.modelSha256(), 0, appended(run, aborted(run, RoundOutcome.INITIAL, atUnixMs)));
            if (Course.isTheEnd(run.plan().study(), run.sum())) {
                state = state.ended(RunOutcome.FAILED, "the model to start from cannot be scored: " + reason);
            }
        }
        return settle(new Transition(state, logged.commands()), atUnixMs);
    }

    /**
     * Ends the present attempt with a sum that is open and must not be used. Where patients are protected by noise, it is
     * repeated with fresh noise. Without any, a second sum over other sites at the same model would show by its difference
     * what those sites sent, so the run ends.
     */
    static Transition withhold(RunState run, long atUnixMs, String reason) {
        Transition logged = Transition.to(run).plus(RoundLog.withheld(run, atUnixMs, reason));
        boolean noised = run.plan().study().privacy().mode() != Study.PrivacyMode.NONE;
        Transition end = noised
                ? abort(run, atUnixMs, reason)
                : stop(
                        run,
                        atUnixMs,
                        RunOutcome.FAILED,
                        reason + "; without differential privacy it is not repeated, because the difference of two such"
                                + " sums would show what single sites sent");
        return new Transition(end.state(), logged.commands()).plus(end.commands());
    }

    /** What the study says of an attempt that lacks {@code missing}; empty where it goes on without them. */
    static Optional<Transition> endWithout(RunState run, SortedSet<String> missing, long atUnixMs) {
        Optional<RequiredSites> required =
                run.plan().study().quorum().requiredIn(run.sum().kind());
        if (missing.isEmpty() || required.isEmpty() || !required.get().indispensable()) {
            return Optional.empty();
        }
        String reason =
                "without " + String.join(", ", missing) + ", which quorum.required.sites names, nothing is summed";
        return Optional.of(
                required.get().whenMissing() == RequiredSites.WhenMissing.END
                        ? stop(run, atUnixMs, RunOutcome.FAILED, reason)
                        : abort(run, atUnixMs, reason));
    }

    /** R6 of an opened sum. */
    static AggregateResult result(RunState run, Transcript transcript, RunEvent.SumComputed event) {
        return AggregateResult.newBuilder()
                .setSum(run.sumId())
                .setRosterHash(transcript.rosterHash())
                .setSurvivorsBitmap(Bitmaps.of(
                        transcript.of(Step.MASKED_HEADER).keySet(),
                        transcript.config().getPartyCount()))
                .setSumSha256(event.sumSha256())
                .setModelSha256(event.modelSha256())
                .build();
    }

    private static Optional<CheckEvidence> evidence(RunState run, Transcript transcript) {
        boolean whole = transcript
                .of(Step.CHECK_VALUE)
                .keySet()
                .equals(transcript.of(Step.MASKED_HEADER).keySet());
        return whole
                ? Optional.of(CheckEvidence.newBuilder()
                        .setSum(run.sumId())
                        .addAllValue(transcript.of(Step.CHECK_VALUE).values())
                        .build())
                : Optional.empty();
    }

    /** Ends the present attempt with an opened sum that cannot be checked, for want of {@code phase}'s answers. */
    static Transition releaseUnchecked(RunState run, Exchanging phase, RunEvent.SumComputed event, long atUnixMs) {
        Transition released = release(run, phase.transcript(), event);
        return new Transition(
                        released.state(),
                        Transition.to(run)
                                .plus(RoundLog.unchecked(run, atUnixMs, phase))
                                .commands())
                .plus(released.commands());
    }

    /** Ends the present attempt with an opened sum. */
    static Transition release(RunState run, Transcript transcript, RunEvent.SumComputed event) {
        List<Integer> survivors = List.copyOf(transcript.of(Step.MASKED_HEADER).keySet());
        List<String> names = transcript.names(survivors);
        AggregateResult result = result(run, transcript, event);
        boolean training = Course.releasesModel(run.sum().kind());
        List<RoundSummary> rounds;
        if (training) {
            rounds = appended(
                    run.withModel(event.modelSha256(), 0, run.history()),
                    round(run.withModel(event.modelSha256(), 0, run.history()), RoundOutcome.RELEASED, names, event));
        } else if (run.sum().round() == 0) {
            rounds = appended(run, round(run, RoundOutcome.INITIAL, names, event));
        } else {
            rounds = evaluated(run, event);
        }
        RunState state = run.withPhase(new Released(names))
                .withModel(event.modelSha256(), training ? 0 : run.abortedInARow(), rounds)
                .withClipNorm(event.nextClipNorm() == null ? run.clipNorm() : event.nextClipNorm())
                .withControl(event.nextControlSha256() == null ? run.controlSha256() : event.nextControlSha256())
                .withResult(new RunState.LastResult(
                        result, transcript.names(transcript.parties()), evidence(run, transcript)));
        Transition logged = Transition.to(state)
                .plus(RoundLog.leftOut(run, event))
                .plus(RoundLog.released(run, event, names))
                .plus(training ? RoundLog.modelReleased(run, event) : RoundLog.evaluationReleased(run, event));
        return settle(logged, event.atUnixMs());
    }

    /** Ends the run at once, whatever it is doing. */
    static Transition stop(RunState run, long atUnixMs, RunOutcome how, String reason) {
        Transition logged = Transition.to(run);
        RunState state = run;
        if (!(run.phase() instanceof Released) && !(run.phase() instanceof Aborted)) {
            state = run.withPhase(new Aborted(run.phase().label(), reason));
            logged = logged.plus(RoundLog.aborted(run, atUnixMs, reason));
        }
        return settle(new Transition(state.ended(how, reason), logged.commands()), atUnixMs);
    }

    /** The sum that follows the present one, or empty where the run is through. */
    static Optional<Sum> next(RunState run) {
        Sum sum = run.sum();
        boolean released = run.phase() instanceof Released;
        if (!released && sum.attempt() < run.plan().study().rounds().maximumAttempts()) {
            return Optional.of(sum.retry());
        }
        return Course.after(run.plan().study(), sum, released, released && converged(run));
    }

    private static boolean converged(RunState run) {
        PhenotypeResult newest =
                run.history().isEmpty() ? null : run.history().getLast().phenotype();
        return newest != null && newest.converged();
    }

    /** What keeps the run moving once a sum has ended. */
    static List<Command> goOn(RunState run) {
        if (!run.outcome().terminal()) {
            return List.of(new Command.BeginSum());
        }
        List<Command> commands = new ArrayList<>();
        run.sitesThat(Member::connected).forEach(site -> commands.add(farewell(run, site)));
        commands.add(new Command.WriteRun());
        return commands;
    }

    /** Tells a site how the run ended. */
    static Command farewell(RunState run, String site) {
        return new Command.Send(
                site,
                RunFinished.newBuilder()
                        .setRunId(run.plan().runId())
                        .setOutcome(run.outcome().name())
                        .build());
    }

    private static Transition settle(Transition ended, long atUnixMs) {
        RunState run = ended.state();
        if (!run.outcome().terminal() && next(run).isEmpty()) {
            boolean anything = run.history().stream().anyMatch(round -> round.outcome() == RoundOutcome.RELEASED);
            run = anything
                    ? run.ended(RunOutcome.FINISHED, "all rounds are done")
                    : run.ended(RunOutcome.FAILED, "no round released a model");
        }
        Transition settled = new Transition(run, ended.commands());
        if (run.outcome().terminal()) {
            settled = settled.plus(RoundLog.runFinished(run, atUnixMs));
        }
        return settled.plus(run.phase().resume(run));
    }

    private static RoundSummary round(
            RunState run, RoundOutcome outcome, List<String> survivors, RunEvent.SumComputed event) {
        return new RoundSummary(
                run.sum().round(),
                outcome,
                run.sum().attempt(),
                survivors,
                (event.atUnixMs() - run.roundStartedUnixMs()) / 1000.0,
                event.evaluation(),
                RoundLog.hex(run.modelSha256()),
                null,
                event.phenotype());
    }

    private static RoundSummary aborted(RunState run, RoundOutcome outcome, long atUnixMs) {
        return new RoundSummary(
                run.sum().round(),
                outcome,
                run.sum().attempt(),
                List.of(),
                (atUnixMs - run.roundStartedUnixMs()) / 1000.0,
                null,
                RoundLog.hex(run.modelSha256()));
    }

    private static List<RoundSummary> appended(RunState run, RoundSummary round) {
        List<RoundSummary> rounds = new ArrayList<>(run.history());
        rounds.add(round);
        return rounds;
    }

    /** The evaluation completes the entry that the release of the same round made. */
    private static List<RoundSummary> evaluated(RunState run, RunEvent.SumComputed event) {
        List<RoundSummary> rounds = new ArrayList<>(run.history());
        RoundSummary trained = rounds.removeLast();
        rounds.add(new RoundSummary(
                trained.round(),
                trained.outcome(),
                trained.attempts(),
                trained.survivors(),
                (event.atUnixMs() - run.roundStartedUnixMs()) / 1000.0,
                event.evaluation(),
                trained.modelSha256(),
                event.regional(),
                event.phenotype() == null ? null : event.phenotype().after(trained.phenotype())));
        return rounds;
    }
}
