package org.commissure.coordinator.round;

import java.util.SortedSet;
import java.util.TreeSet;
import org.commissure.protocol.v1.UnmaskRequest;

/**
 * R5: against at least t identical votes, each voter reveals the self-mask share of every survivor
 * and the key share of every dropped site.
 *
 * <p>Waits for the shares of each voter. Persisted before it speaks: the votes.
 *
 * <p>Failures: a voter that does not reveal is not needed as long as t do. Fewer → {@link Aborted}.
 * Otherwise → {@link Aggregating}.
 */
public record Unmasking(Transcript transcript, long deadlineUnixMs) implements Exchanging {

    static Transition enter(RunState before, Transcript transcript, long atUnixMs) {
        long deadline = atUnixMs + 1000L * before.plan().study().deadlines().unmaskSeconds();
        Unmasking phase = new Unmasking(transcript, deadline);
        RunState run = before.withPhase(phase);
        return Transition.to(run)
                .plus(RoundLog.survivorsAgreed(run, atUnixMs, transcript))
                .plus(phase.enter(run));
    }

    @Override
    public Step step() {
        return Step.UNMASK_SHARES;
    }

    @Override
    public SortedSet<Integer> members() {
        return new TreeSet<>(transcript.of(Step.SURVIVOR_VOTE).keySet());
    }

    @Override
    public Command request(RunState run, String site, int index) {
        return new Command.Send(
                site,
                UnmaskRequest.newBuilder()
                        .setSum(run.sumId())
                        .addAllVote(transcript.of(Step.SURVIVOR_VOTE).values())
                        .build());
    }

    @Override
    public Exchanging with(Transcript longer) {
        return new Unmasking(longer, deadlineUnixMs);
    }

    /** Opening needs t shares, no more: the survivors in the sum were counted before. */
    @Override
    public Transition close(RunState run, long atUnixMs) {
        if (answers().size() < transcript.config().getThreshold()) {
            return SumEnd.abort(
                            run,
                            atUnixMs,
                            answers().size() + " of " + members().size() + " voters revealed their shares, "
                                    + transcript.config().getThreshold() + " are needed")
                    .plus(silent(run, atUnixMs));
        }
        return Aggregating.enter(run, transcript).plus(silent(run, atUnixMs));
    }
}
