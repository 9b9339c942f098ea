package org.commissure.coordinator.round;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;

/**
 * Terminal: this attempt opened nothing, and its uploads are deleted.
 *
 * <p>Persisted before it speaks: the reason. Connected sites are told; the shell then begins the next
 * attempt with fresh keys, or the next round, or ends the run, as {@link SumEnd} decides.
 *
 * @param during label of the phase that failed
 */
public record Aborted(String during, String reason) implements RoundPhase {

    @Override
    public SortedSet<String> waitingFor(RunState run) {
        return Collections.emptySortedSet();
    }

    @Override
    public List<Command> ask(RunState run, String site) {
        return List.of(SumEnd.tell(run, site, during, reason));
    }

    @Override
    public List<Command> resume(RunState run) {
        List<Command> commands = new ArrayList<>();
        run.sitesThat(Member::connected).forEach(site -> commands.addAll(ask(run, site)));
        commands.add(new Command.DiscardUploads(run.sum()));
        commands.addAll(SumEnd.goOn(run));
        return commands;
    }

    @Override
    public boolean complete(RunState run) {
        return false;
    }

    @Override
    public Transition close(RunState run, long atUnixMs) {
        return Transition.note(run, "the sum is already aborted");
    }
}
