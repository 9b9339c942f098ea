package org.commissure.coordinator.round;

import java.util.SortedSet;
import java.util.TreeSet;

/**
 * R3: the sharers (U2) train or evaluate, mask, and upload. The long phase of a round.
 *
 * <p>Waits for the signed masked header of each of U2; the shell turns it into an event only once
 * the whole vector is on disk and its SHA-256 fits. Persisted before it speaks: U2 with every signed
 * R2.
 *
 * <p>Failures: a site that fails, is lost or is too late is dropped; its pairwise masks are removed
 * later with the shares of its key. Fewer uploads than a sum needs, or a required site missing → {@link Aborted}. Otherwise →
 * {@link Voting}.
 */
public record Collecting(Transcript transcript, long deadlineUnixMs) implements Exchanging {

    static Transition enter(RunState before, Transcript transcript, long atUnixMs) {
        long deadline = atUnixMs + 1000L * before.plan().study().deadlines().uploadSeconds();
        Collecting phase = new Collecting(transcript, deadline);
        RunState run = before.withPhase(phase);
        return Transition.to(run).plus(phase.enter(run));
    }

    @Override
    public Step step() {
        return Step.MASKED_HEADER;
    }

    @Override
    public SortedSet<Integer> members() {
        return new TreeSet<>(transcript.of(Step.SHARE_KEYS).keySet());
    }

    @Override
    public Command request(RunState run, String site, int index) {
        return new Command.Deliver(site, run.sum(), transcript, index);
    }

    @Override
    public Exchanging with(Transcript longer) {
        return new Collecting(longer, deadlineUnixMs);
    }

    @Override
    public Transition close(RunState run, long atUnixMs) {
        return goOn(run, atUnixMs, () -> Voting.enter(run, transcript, atUnixMs));
    }
}
