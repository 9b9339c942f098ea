package org.commissure.coordinator.round;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.commissure.protocol.study.RequiredSites;
import org.commissure.protocol.v1.Signed;

/**
 * The phases in which parties of a fixed roster answer one request each: the same request goes
 * to a party until it has answered, and a party that missed a step is told that it was left out.
 */
public sealed interface Exchanging extends RoundPhase
        permits Advertising, Sharing, Collecting, Voting, Unmasking, Challenging, Proving {

    Transcript transcript();

    /** What is asked for. */
    Step step();

    /** Indices of those who are asked. */
    SortedSet<Integer> members();

    /** The request to one member. */
    Command request(RunState run, String site, int index);

    /** The same phase with a longer transcript. */
    Exchanging with(Transcript longer);

    @Override
    default SortedSet<String> waitingFor(RunState run) {
        SortedSet<String> missing = new TreeSet<>();
        for (int index : members()) {
            String site = transcript().name(index);
            if (!answers().containsKey(index) && !transcript().dropped().containsKey(index) && run.awaited(site)) {
                missing.add(site);
            }
        }
        return missing;
    }

    @Override
    default boolean complete(RunState run) {
        return waitingFor(run).isEmpty() || hopeless(run);
    }

    /** Answers so far, by index. */
    default SortedMap<Integer, Signed> answers() {
        return transcript().of(step());
    }

    @Override
    default List<Command> ask(RunState run, String site) {
        OptionalInt index = transcript().index(site);
        if (index.isEmpty() || answers().containsKey(index.getAsInt())) {
            return List.of();
        }
        if (transcript().dropped().containsKey(index.getAsInt()) || !members().contains(index.getAsInt())) {
            return List.of(leftOut(run, site));
        }
        return List.of(request(run, site, index.getAsInt()));
    }

    /** Arms the deadline and asks every connected member; tells the other parties that they are out. */
    default List<Command> enter(RunState run) {
        List<Command> commands = new ArrayList<>();
        commands.add(new Command.ArmDeadline(run.sum(), label(), deadlineUnixMs()));
        for (int index : transcript().parties()) {
            String site = transcript().name(index);
            if (run.connected(site)) {
                commands.addAll(ask(run, site));
            }
        }
        return commands;
    }

    @Override
    default List<Command> resume(RunState run) {
        return enter(run);
    }

    private Command leftOut(RunState run, String site) {
        return SumEnd.tell(
                run, site, label(), "left out of this attempt: no valid answer before " + label() + " began");
    }

    /** Everybody who was asked, did not answer, and has not been logged as dropped yet. */
    default List<Command> silent(RunState run, long atUnixMs) {
        List<Command> commands = new ArrayList<>();
        for (int index : members()) {
            if (!answers().containsKey(index) && !transcript().dropped().containsKey(index)) {
                String site = transcript().name(index);
                String why = run.connected(site) ? "no answer in time" : "connection lost";
                commands.add(RoundLog.dropped(run, atUnixMs, site, step().label() + ": " + why));
            }
        }
        return commands;
    }

    /** Members that the study requires and that did not answer. */
    private SortedSet<String> missing(RunState run) {
        SortedSet<String> names = new TreeSet<>(transcript().names(members()));
        names.removeAll(transcript().names(answers().keySet()));
        return Quorum.requiredOf(run, names);
    }

    /** Before the survivors are fixed: goes on with those who answered, unless they are too few or lack a required site. */
    default Transition goOn(RunState run, long atUnixMs, Supplier<Transition> next) {
        Optional<Transition> end = SumEnd.endWithout(run, missing(run), atUnixMs);
        if (end.isPresent()) {
            return end.get().plus(silent(run, atUnixMs));
        }
        if (tooFew(run)) {
            return abortTooFew(run, atUnixMs);
        }
        return next.get().plus(RoundLog.missing(run, atUnixMs, missing(run))).plus(silent(run, atUnixMs));
    }

    /** Whether a site is lost without which there will be no sum: no other should go on working and pay for it. */
    private boolean hopeless(RunState run) {
        boolean survivorsAreFixed = step().compareTo(Step.MASKED_HEADER) > 0;
        boolean indispensable = run.plan()
                .study()
                .quorum()
                .requiredIn(run.sum().kind())
                .filter(RequiredSites::indispensable)
                .isPresent();
        return !survivorsAreFixed && indispensable && !waitingFor(run).containsAll(missing(run));
    }

    /** Fewer answers than a sum may be opened with: the attempt ends here. */
    default boolean tooFew(RunState run) {
        return answers().size()
                < Quorum.survivorsNeeded(run.plan().study(), transcript().config());
    }

    /** The abort that {@link #tooFew} leads to. */
    default Transition abortTooFew(RunState run, long atUnixMs) {
        int needed = Quorum.survivorsNeeded(run.plan().study(), transcript().config());
        String reason = answers().size() + " of " + members().size() + " sites answered with their " + step().label()
                + ", " + needed + " are needed";
        return SumEnd.abort(run, atUnixMs, reason).plus(silent(run, atUnixMs));
    }
}
