package org.commissure.coordinator.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run in the queue, as {@code run queue list --json} prints it.
 *
 * @param position from 1
 * @param study its name
 * @param why in words, what it waits for
 * @param notBefore ISO-8601 UTC; null where it may begin at any time
 * @param queued ISO-8601 UTC
 * @param approvals how many sites must have approved its study
 * @param approvedBy who has, by name
 */
public record QueuedRun(
        int position,
        String runId,
        String study,
        Waiting waiting,
        String why,
        @Nullable String notBefore,
        String queued,
        int approvals,
        List<String> approvedBy) {
    public QueuedRun {
        approvedBy = List.copyOf(approvedBy);
    }
}
