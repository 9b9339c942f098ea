package org.commissure.coordinator.round;

import java.util.ArrayList;
import java.util.List;

/** The state after an event, and what is to be done about it, in order. */
public record Transition(RunState state, List<Command> commands) {
    public Transition {
        commands = List.copyOf(commands);
    }

    static Transition to(RunState state) {
        return new Transition(state, List.of());
    }

    static Transition note(RunState state, String text) {
        return to(state).plus(List.of(new Command.Note(text)));
    }

    Transition plus(List<? extends Command> more) {
        List<Command> all = new ArrayList<>(commands);
        all.addAll(more);
        return new Transition(state, all);
    }

    Transition plus(Command more) {
        return plus(List.of(more));
    }

    /** Whether the event left no trace: nothing to persist. */
    boolean unchanged(RunState before) {
        return state.equals(before) && commands.stream().noneMatch(Command.Append.class::isInstance);
    }
}
