package org.commissure.coordinator.round;

import java.util.SortedSet;
import java.util.TreeSet;
import org.commissure.privacy.secagg.Bitmaps;
import org.commissure.protocol.v1.SurvivorProposal;

/**
 * R4: the survivors (U3) are fixed, and each signs once that this is the set whose sum is opened.
 *
 * <p>Waits for the vote of each of U3. Persisted before it speaks: U3 with every signed header; no
 * second proposal is ever made in the same attempt.
 *
 * <p>Failures: a survivor that does not vote stays in the sum, it merely gives no shares. Fewer
 * votes than a sum needs → {@link Aborted}. Otherwise → {@link Unmasking}.
 */
public record Voting(Transcript transcript, long deadlineUnixMs) implements Exchanging {

    static Transition enter(RunState before, Transcript transcript, long atUnixMs) {
        long deadline = atUnixMs + 1000L * before.plan().study().deadlines().voteSeconds();
        Voting phase = new Voting(transcript, deadline);
        RunState run = before.withPhase(phase);
        return Transition.to(run).plus(phase.enter(run));
    }

    /** The one proposal of this attempt. */
    public SurvivorProposal proposal(RunState run) {
        return SurvivorProposal.newBuilder()
                .setSum(run.sumId())
                .setSurvivorsBitmap(Bitmaps.of(members(), transcript.config().getPartyCount()))
                .addAllMaskedHeader(transcript.of(Step.MASKED_HEADER).values())
                .build();
    }

    @Override
    public Step step() {
        return Step.SURVIVOR_VOTE;
    }

    @Override
    public SortedSet<Integer> members() {
        return new TreeSet<>(transcript.of(Step.MASKED_HEADER).keySet());
    }

    @Override
    public Command request(RunState run, String site, int index) {
        return new Command.Send(site, proposal(run));
    }

    @Override
    public Exchanging with(Transcript longer) {
        return new Voting(longer, deadlineUnixMs);
    }

    @Override
    public Transition close(RunState run, long atUnixMs) {
        if (tooFew(run)) {
            return abortTooFew(run, atUnixMs);
        }
        return Unmasking.enter(run, transcript, atUnixMs).plus(silent(run, atUnixMs));
    }
}
