package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import java.util.SortedSet;
import java.util.TreeSet;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.CheckChallenge;

/**
 * R7, second half: the challenge is known to all, and each survivor tells what its vector says to it, masked.
 *
 * <p>Waits for the value of each of U3. Persisted before it speaks: every opening. The released evidence is all
 * values; each site checks the sum with it by itself.
 *
 * <p>Failures: as in {@link Challenging}. Always → {@link Released}.
 */
public record Proving(Transcript transcript, RunEvent.SumComputed computed, long deadlineUnixMs) implements Exchanging {

    static Transition enter(RunState before, Transcript transcript, RunEvent.SumComputed computed, long atUnixMs) {
        long deadline = atUnixMs + 1000L * before.plan().study().deadlines().unmaskSeconds();
        Proving phase = new Proving(transcript, computed, deadline);
        RunState run = before.withPhase(phase);
        return Transition.to(run).plus(phase.enter(run));
    }

    /** What the openings answered. */
    ByteString resultSha256(RunState run) {
        return SignedMessages.sha256(SignedMessages.canonical(SumEnd.result(run, transcript, computed)));
    }

    @Override
    public Step step() {
        return Step.CHECK_VALUE;
    }

    @Override
    public SortedSet<Integer> members() {
        return new TreeSet<>(transcript.of(Step.CHECK_OPENING).keySet());
    }

    @Override
    public Command request(RunState run, String site, int index) {
        return new Command.Send(
                site,
                CheckChallenge.newBuilder()
                        .setSum(run.sumId())
                        .addAllMaskedHeader(transcript.of(Step.MASKED_HEADER).values())
                        .addAllOpening(transcript.of(Step.CHECK_OPENING).values())
                        .build());
    }

    @Override
    public Exchanging with(Transcript longer) {
        return new Proving(longer, computed, deadlineUnixMs);
    }

    @Override
    public Transition close(RunState run, long atUnixMs) {
        return answers().keySet().equals(members())
                ? SumEnd.release(run, transcript, computed)
                : SumEnd.releaseUnchecked(run, this, computed, atUnixMs);
    }
}
