package org.commissure.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run that waits for its turn.
 *
 * @param position from 1
 * @param waiting TURN, TIME, HOURS, APPROVALS or REFUSED
 * @param why in words
 * @param notBefore ISO-8601 UTC; null where it may begin at any time
 */
public record QueuedRun(
        int position,
        String runId,
        String study,
        String waiting,
        String why,
        @Nullable String notBefore,
        int approvals,
        List<String> approvedBy) {
    public QueuedRun {
        approvedBy = List.copyOf(approvedBy);
    }
}
