package org.commissure.models.golden;

import java.util.List;

/**
 * What a replay found.
 *
 * @param preset family of the model
 * @param device as the engine names it
 * @param notes what of the folder was not compared, and why
 */
public record GoldenReport(
        String preset, String device, int parameterCount, List<Comparison> comparisons, List<String> notes) {
    public GoldenReport {
        comparisons = List.copyOf(comparisons);
        notes = List.copyOf(notes);
    }

    /** Whether every comparison passes, and there was one. */
    public boolean pass() {
        return !comparisons.isEmpty() && comparisons.stream().allMatch(Comparison::pass);
    }
}
