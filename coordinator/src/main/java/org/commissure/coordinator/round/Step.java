package org.commissure.coordinator.round;

/** What a site says in the course of one secure sum, in order. */
public enum Step {
    ADVERTISE_KEYS,
    SHARE_KEYS,
    MASKED_HEADER,
    SURVIVOR_VOTE,
    UNMASK_SHARES;

    /** As people read it: {@code "survivor vote"}. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
