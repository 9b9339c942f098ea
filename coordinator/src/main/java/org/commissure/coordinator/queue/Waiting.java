package org.commissure.coordinator.queue;

/** What a queued run waits for. */
public enum Waiting {
    /** Its turn: it begins as soon as no run is under way. */
    TURN,
    /** Its own time, {@code --at}. */
    TIME,
    /** The study's hours. */
    HOURS,
    /** Sites that have not approved the study's plan. */
    APPROVALS,
    /** A person: when it was its turn the coordinator refused it. */
    REFUSED
}
