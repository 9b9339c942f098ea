package org.commissure.coordinator.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.commissure.protocol.v1.PlansResponse;

/** Plans for people. */
final class PlanLines {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int ID_DIGITS = 12;

    private PlanLines() {}

    /** @param limit of plans that are printed, newest first; JSON has all */
    static void print(PlansResponse response, boolean json, int limit) {
        if (json) {
            System.out.println(response.getJson());
            return;
        }
        try {
            JsonNode plans = MAPPER.readTree(response.getJson()).path("plans");
            if (plans.isEmpty()) {
                System.out.println("no plan was published yet");
            }
            for (int i = 0; i < Math.min(limit, plans.size()); i++) {
                print(plans.get(i));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the coordinator's own JSON", e);
        }
    }

    private static void print(JsonNode plan) {
        System.out.println("plan " + plan.path("plan_sha256").asText().substring(0, ID_DIGITS) + "  '"
                + plan.path("study").asText() + "', purpose '"
                + plan.path("purpose").asText() + "', until "
                + plan.path("expires").asText() + (plan.path("expired").asBoolean() ? "  EXPIRED" : ""));
        for (JsonNode site : plan.path("sites")) {
            String decision = site.path("decision").asText();
            String reason = site.path("reason").asText("");
            System.out.println("  site " + site.path("site").asText() + ": "
                    + (decision.equals("none") ? "no word from its steward yet" : decision)
                    + (reason.isEmpty() ? "" : ": " + reason));
        }
    }
}
