package org.commissure.coordinator.round;

import java.util.SortedSet;
import java.util.TreeSet;
import org.commissure.protocol.v1.Roster;

/**
 * R2: everybody in the roster (U1) shares its secrets with everybody else.
 *
 * <p>Waits for the share keys of U1. Persisted before it speaks: U1, with every signed R1.
 *
 * <p>Failures: whoever does not share is not masked against and left out. Fewer sharers than a sum
 * needs, or a required site missing → {@link Aborted}. Otherwise → {@link Collecting}.
 */
public record Sharing(Transcript transcript, long deadlineUnixMs) implements Exchanging {

    static Transition enter(RunState before, Transcript transcript, long atUnixMs) {
        long deadline = atUnixMs + 1000L * before.plan().study().deadlines().keysSeconds();
        Sharing phase = new Sharing(transcript, deadline);
        RunState run = before.withPhase(phase);
        return Transition.to(run).plus(phase.enter(run));
    }

    @Override
    public Step step() {
        return Step.SHARE_KEYS;
    }

    @Override
    public SortedSet<Integer> members() {
        return new TreeSet<>(transcript.of(Step.ADVERTISE_KEYS).keySet());
    }

    @Override
    public Command request(RunState run, String site, int index) {
        return new Command.Send(
                site,
                Roster.newBuilder()
                        .setSum(run.sumId())
                        .addAllAdvertise(transcript.of(Step.ADVERTISE_KEYS).values())
                        .build());
    }

    @Override
    public Exchanging with(Transcript longer) {
        return new Sharing(longer, deadlineUnixMs);
    }

    @Override
    public Transition close(RunState run, long atUnixMs) {
        return goOn(run, atUnixMs, () -> Collecting.enter(run, transcript, atUnixMs));
    }
}
