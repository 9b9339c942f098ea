package org.commissure.site.policy;

import java.util.Arrays;
import java.util.List;

/**
 * What leaves the hospital in clear only where its policy says so. Without these a round still works;
 * what it cannot do without (names, keys, signatures, hashes, times) is no choice but to take part or not.
 */
public enum ClearField {
    /** How far the local work is, in tenths. */
    PROGRESS("progress"),
    /** Why an invitation was refused, or a step failed; without it only that it was, and by which rule. */
    REASON("reason"),
    /** What was spent and is left of the privacy budget, in the log. */
    EPSILON("epsilon"),
    /** The version of the site's agent, when it connects. */
    AGENT_VERSION("agent_version");

    private final String key;

    ClearField(String key) {
        this.key = key;
    }

    /** As {@code leaving.in_clear} names it. */
    public String key() {
        return key;
    }

    static List<String> keys() {
        return Arrays.stream(values()).map(ClearField::key).toList();
    }
}
