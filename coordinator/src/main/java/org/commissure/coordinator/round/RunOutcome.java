package org.commissure.coordinator.round;

/** How a run stands; all but {@link #RUNNING} are final. */
public enum RunOutcome {
    RUNNING,
    FINISHED,
    FAILED,
    CANCELLED;

    public boolean terminal() {
        return this != RUNNING;
    }
}
