package org.commissure.site.plan;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What exactly a steward approves; anything else needs another approval.
 *
 * @param plan hash of the plan, hex
 * @param tasks {@code train}, {@code evaluate}, or both
 * @param code hash of the agent's code, hex
 * @param data commitment to the cohort, hex; see {@link org.commissure.site.cohort.CohortSplit#commitment}
 * @param epsilon that all runs of the plan together may spend here
 * @param expires the approval's end
 */
public record ApprovalTerms(
        String plan, List<String> tasks, String purpose, String code, String data, double epsilon, Instant expires) {
    private static final String TITLE = "commissure approval v1";

    public ApprovalTerms {
        tasks = List.copyOf(tasks);
        purpose = purpose.replaceAll("\\p{Cntrl}", " ");
    }

    /** The text that stewards sign: one fact a line. */
    public String text() {
        return TITLE + "\nplan " + plan + "\ntask " + String.join(",", tasks) + "\npurpose " + purpose + "\ncode "
                + code + "\ndata " + data + "\nepsilon " + epsilon + "\nexpires " + expires + "\n";
    }

    /** Empty where the text is not exactly what {@link #text} writes. */
    static Optional<ApprovalTerms> parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() != 8 || !lines.getFirst().equals(TITLE)) {
            return Optional.empty();
        }
        Map<String, String> facts = new TreeMap<>();
        for (String line : lines.subList(1, 8)) {
            int space = line.indexOf(' ');
            if (space < 0) {
                return Optional.empty();
            }
            facts.put(line.substring(0, space), line.substring(space + 1));
        }
        List<String> values = new ArrayList<>();
        for (String key : List.of("plan", "task", "purpose", "code", "data", "epsilon", "expires")) {
            String value = facts.get(key);
            if (value == null) {
                return Optional.empty();
            }
            values.add(value);
        }
        try {
            ApprovalTerms terms = new ApprovalTerms(
                    values.get(0),
                    List.of(values.get(1).split(",")),
                    values.get(2),
                    values.get(3),
                    values.get(4),
                    Double.parseDouble(values.get(5)),
                    Instant.parse(values.get(6)));
            return terms.text().equals(text) ? Optional.of(terms) : Optional.empty();
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
