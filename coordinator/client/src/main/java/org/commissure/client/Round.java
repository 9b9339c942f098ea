package org.commissure.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A round that ended.
 *
 * @param round 0 scores the model that the run began with
 * @param outcome INITIAL, RELEASED or ABORTED
 * @param survivors sites whose vectors are in the sum
 * @param evaluation scores on the sealed external patients as the API has them; null where there are none
 * @param modelSha256 hex, of the model after the round
 */
public record Round(
        int round,
        String outcome,
        int attempts,
        List<String> survivors,
        double seconds,
        @Nullable JsonNode evaluation,
        String modelSha256) {
    public Round {
        survivors = List.copyOf(survivors);
    }
}
