package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import java.util.SortedSet;
import java.util.TreeSet;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.AggregateResult;

/**
 * R7, first half, where the study asks for it: the survivors get the signed result, which commits to the sum, and
 * only then tell their parts of the challenge.
 *
 * <p>Waits for the opening of each of U3. Persisted before it speaks: the opened sum, and for TRAIN its model.
 *
 * <p>Failures: without the opening of every survivor nothing can be checked; the sum is released all the same,
 * and the log says so → {@link Released}. Otherwise → {@link Proving}.
 */
public record Challenging(Transcript transcript, RunEvent.SumComputed computed, long deadlineUnixMs)
        implements Exchanging {

    static Transition enter(RunState before, Transcript transcript, RunEvent.SumComputed computed) {
        long deadline =
                computed.atUnixMs() + 1000L * before.plan().study().deadlines().unmaskSeconds();
        Challenging phase = new Challenging(transcript, computed, deadline);
        RunState run = before.withPhase(phase);
        return Transition.to(run).plus(phase.enter(run));
    }

    /** R6, as it will be released. */
    private AggregateResult result(RunState run) {
        return SumEnd.result(run, transcript, computed);
    }

    /** What every opening must answer. */
    ByteString resultSha256(RunState run) {
        return SignedMessages.sha256(SignedMessages.canonical(result(run)));
    }

    @Override
    public Step step() {
        return Step.CHECK_OPENING;
    }

    @Override
    public SortedSet<Integer> members() {
        return new TreeSet<>(transcript.of(Step.MASKED_HEADER).keySet());
    }

    @Override
    public Command request(RunState run, String site, int index) {
        return new Command.Send(site, result(run));
    }

    @Override
    public Exchanging with(Transcript longer) {
        return new Challenging(longer, computed, deadlineUnixMs);
    }

    @Override
    public Transition close(RunState run, long atUnixMs) {
        return answers().keySet().equals(members())
                ? Proving.enter(run, transcript, computed, atUnixMs)
                : SumEnd.releaseUnchecked(run, this, computed, atUnixMs);
    }
}
