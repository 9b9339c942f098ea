package org.commissure.coordinator.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Where two JSON documents differ, leaf by leaf. */
final class JsonDifferences {
    private static final String ABSENT = "absent";

    private final List<ReportVerification.Difference> differences = new ArrayList<>();
    private int leaves;

    private JsonDifferences() {}

    /** @param compared leaves of either document */
    record Result(List<ReportVerification.Difference> differences, int compared) {
        Result {
            differences = List.copyOf(differences);
        }
    }

    static Result of(JsonNode stated, JsonNode recomputed) {
        JsonDifferences comparison = new JsonDifferences();
        comparison.compare("", stated, recomputed);
        return new Result(comparison.differences, comparison.leaves);
    }

    /** @param at a JSON pointer */
    private void compare(String at, JsonNode stated, JsonNode recomputed) {
        if (stated.isObject() && recomputed.isObject()) {
            TreeSet<String> names = new TreeSet<>();
            stated.fieldNames().forEachRemaining(names::add);
            recomputed.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(at + "/" + name, stated.path(name), recomputed.path(name)));
        } else if (stated.isArray() && recomputed.isArray()) {
            for (int i = 0; i < Math.max(stated.size(), recomputed.size()); i++) {
                compare(at + "/" + i, stated.path(i), recomputed.path(i));
            }
        } else {
            leaves++;
            if (!stated.equals(recomputed)) {
                differences.add(new ReportVerification.Difference(at, text(stated), text(recomputed)));
            }
        }
    }

    private static String text(JsonNode node) {
        return node.isMissingNode() ? ABSENT : node.toString();
    }
}
