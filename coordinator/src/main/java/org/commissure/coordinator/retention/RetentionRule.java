package org.commissure.coordinator.retention;

import java.time.Duration;

/**
 * Which files of an ended run go.
 *
 * @param keepRounds of how many of its newest rounds the models stay; the last released model always stays
 * @param olderThan only of runs that ended so long ago
 * @param evaluationSums whether the opened evaluation sums go too, without which nobody can recompute the report
 */
public record RetentionRule(int keepRounds, Duration olderThan, boolean evaluationSums) {
    /** @throws IllegalArgumentException if a value is negative */
    public RetentionRule {
        if (keepRounds < 0 || olderThan.isNegative()) {
            throw new IllegalArgumentException("a rule that keeps less than nothing");
        }
    }

    /** For the log. */
    public String words() {
        return "keep the models of " + keepRounds + " rounds, of runs that ended more than " + olderThan.toDays()
                + " days ago" + (evaluationSums ? ", without evaluation sums" : "");
    }
}
