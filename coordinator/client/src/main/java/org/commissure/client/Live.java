package org.commissure.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changes while one looks.
 *
 * @param now the coordinator's clock, ISO-8601 UTC
 * @param connected names of the sites
 * @param queued how many runs wait for their turn
 * @param run the newest one; null where there was none yet
 */
public record Live(
        String now,
        List<String> connected,
        int queued,
        @Nullable Run run) {
    public Live {
        connected = List.copyOf(connected);
    }
}
