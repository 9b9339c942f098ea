package org.commissure.coordinator.round;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;

/**
 * Terminal: the sum is open. For TRAIN the new model is on disk and current.
 *
 * <p>Persisted before it speaks: the result. All parties get it, signed; the shell then begins the
 * next sum, or writes the run's folder after the last one. No failure leads out of here but the next
 * sum's own.
 *
 * @param survivors names of U3
 */
public record Released(List<String> survivors) implements RoundPhase {
    public Released {
        survivors = List.copyOf(survivors);
    }

    @Override
    public SortedSet<String> waitingFor(RunState run) {
        return Collections.emptySortedSet();
    }

    /** {@link RunMachine} sends the last result to whoever missed it. */
    @Override
    public List<Command> ask(RunState run, String site) {
        return List.of();
    }

    @Override
    public List<Command> resume(RunState run) {
        List<Command> commands = new ArrayList<>();
        run.lastResult()
                .ifPresent(last -> run.connectedOf(last.parties()).forEach(site -> commands.addAll(tell(last, site))));
        commands.add(new Command.DiscardUploads(run.sum()));
        commands.addAll(SumEnd.goOn(run));
        return commands;
    }

    /** The result, and where it can be checked, the evidence. */
    static List<Command> tell(RunState.LastResult last, String site) {
        List<Command> commands = new ArrayList<>();
        last.evidence().ifPresent(evidence -> commands.add(new Command.Send(site, evidence)));
        commands.add(new Command.Send(site, last.result()));
        return commands;
    }

    @Override
    public boolean complete(RunState run) {
        return false;
    }

    @Override
    public Transition close(RunState run, long atUnixMs) {
        return Transition.note(run, "the sum is already released");
    }
}
