package org.commissure.coordinator.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Locale;
import org.commissure.protocol.v1.QueueResponse;

/** The queue for people. */
final class QueueLines {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private QueueLines() {}

    static void print(QueueResponse response, boolean json) {
        if (json) {
            System.out.println(response.getJson());
            return;
        }
        try {
            JsonNode queue = MAPPER.readTree(response.getJson()).path("queue");
            if (queue.isEmpty()) {
                System.out.println("no run is queued");
            }
            for (JsonNode run : queue) {
                System.out.println(String.format(
                        Locale.ROOT,
                        "%3d  %s  '%s'  %s: %s",
                        run.path("position").asInt(),
                        run.path("runId").asText(),
                        run.path("study").asText(),
                        run.path("waiting").asText(),
                        run.path("why").asText()));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the coordinator's own JSON", e);
        }
    }
}
