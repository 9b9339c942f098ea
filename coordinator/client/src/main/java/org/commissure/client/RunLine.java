package org.commissure.client;

import org.jspecify.annotations.Nullable;

/**
 * A run in a list.
 *
 * @param state RUNNING, FINISHED, FAILED or CANCELLED
 * @param reason why it ended; empty while it runs
 * @param started ISO-8601 UTC
 * @param r2 the newest external R²; null where there is none
 */
public record RunLine(
        String runId,
        String study,
        String state,
        String reason,
        String started,
        int round,
        int rounds,
        @Nullable Double r2) {}
