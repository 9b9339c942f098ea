package org.commissure.coordinator.round;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;

/**
 * The coordinator alone: add the survivors' uploads, remove the masks, decode, and for TRAIN apply
 * the averaged update and write the new model.
 *
 * <p>Waits for {@link RunEvent.SumComputed} or {@link RunEvent.SumFailed} from the shell. Persisted
 * before it starts: the revealed shares. The work is a pure function of what is on disk and runs
 * again from the start after a crash.
 *
 * <p>Failures: a forged share, a missing or altered upload, a value out of range → {@link Aborted}.
 * A full disk ends the run as failed. Otherwise → {@link Released}.
 */
public record Aggregating(Transcript transcript) implements RoundPhase {

    static Transition enter(RunState before, Transcript transcript) {
        RunState run = before.withPhase(new Aggregating(transcript));
        return Transition.to(run).plus(run.phase().resume(run));
    }

    @Override
    public SortedSet<String> waitingFor(RunState run) {
        return Collections.emptySortedSet();
    }

    @Override
    public List<Command> ask(RunState run, String site) {
        return List.of();
    }

    @Override
    public List<Command> resume(RunState run) {
        return List.of(new Command.Aggregate(run.sum(), transcript));
    }

    @Override
    public boolean complete(RunState run) {
        return false;
    }

    @Override
    public Transition close(RunState run, long atUnixMs) {
        return Transition.note(run, "aggregation has no deadline");
    }
}
