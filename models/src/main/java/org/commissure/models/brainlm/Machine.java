package org.commissure.models.brainlm;

import org.commissure.models.tensor.Team;
import org.commissure.models.tensor.Workspace;

/** What a pass runs on: one block of memory and the threads that work in it. */
record Machine(Workspace memory, Team team) implements AutoCloseable {
    /** For people, for example {@code cpu, 2 threads}. */
    String describe() {
        return "cpu, " + team.size() + (team.size() == 1 ? " thread" : " threads");
    }

    @Override
    public void close() {
        team.close();
        memory.close();
    }
}
