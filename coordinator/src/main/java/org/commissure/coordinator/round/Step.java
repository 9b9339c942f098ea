package org.commissure.coordinator.round;

import java.util.List;

/** What a site says in the course of one secure sum, in order. */
public enum Step {
    ADVERTISE_KEYS,
    SHARE_KEYS,
    MASKED_HEADER,
    SURVIVOR_VOTE,
    UNMASK_SHARES,
    /** Only where the study asks for R7, as the next. */
    CHECK_OPENING,
    CHECK_VALUE;

    /** The steps without R7. */
    static final List<Step> OF_EVERY_SUM =
            List.of(ADVERTISE_KEYS, SHARE_KEYS, MASKED_HEADER, SURVIVOR_VOTE, UNMASK_SHARES);

    /** As people read it: {@code "survivor vote"}. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
