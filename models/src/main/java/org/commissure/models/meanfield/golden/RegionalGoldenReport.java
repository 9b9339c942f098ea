package org.commissure.models.meanfield.golden;

import java.util.List;

/** @param skipped files and cases that were not there or are not replayed, and why */
public record RegionalGoldenReport(List<RegionalComparison> comparisons, List<String> skipped) {
    public RegionalGoldenReport {
        comparisons = List.copyOf(comparisons);
        skipped = List.copyOf(skipped);
    }

    /** Nothing compared is no pass. */
    public boolean pass() {
        return !comparisons.isEmpty() && comparisons.stream().allMatch(RegionalComparison::pass);
    }
}
