package org.commissure.protocol.evaluation;

import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which subgroups a site may add to a sum. A subgroup of fewer than {@link #SMALLEST} of its patients stays at home.
 * So do further subgroups of the same factor, smallest first, while all patients of the site that are in no reported
 * subgroup of that factor are between 1 and {@link #SMALLEST} − 1: else total minus reported would tell what the small
 * ones are.
 *
 * @param reported to be added
 * @param leftOut the site has patients of it and adds none
 */
record ReportableSubgroups(Set<Subgroup> reported, Set<Subgroup> leftOut) {
    /** Fewest patients behind any number about a subgroup, at a site and in total. */
    static final int SMALLEST = 10;

    ReportableSubgroups {
        reported = Set.copyOf(reported);
        leftOut = Set.copyOf(leftOut);
    }

    /** @param patients the subgroups of each patient of the site */
    static ReportableSubgroups of(Collection<Set<Subgroup>> patients) {
        Map<Subgroup, Integer> counts = new EnumMap<>(Subgroup.class);
        patients.forEach(patient -> patient.forEach(group -> counts.merge(group, 1, Integer::sum)));
        Set<Subgroup> reported = EnumSet.noneOf(Subgroup.class);
        counts.forEach((group, count) -> {
            if (count >= SMALLEST) {
                reported.add(group);
            }
        });
        for (Subgroup.Factor factor : Subgroup.Factor.values()) {
            hideRemainder(factor, patients.size(), counts, reported);
        }
        Set<Subgroup> leftOut = EnumSet.noneOf(Subgroup.class);
        leftOut.addAll(counts.keySet());
        leftOut.removeAll(reported);
        return new ReportableSubgroups(reported, leftOut);
    }

    private static void hideRemainder(
            Subgroup.Factor factor, int patients, Map<Subgroup, Integer> counts, Set<Subgroup> reported) {
        while (true) {
            Set<Subgroup> ofFactor = EnumSet.noneOf(Subgroup.class);
            reported.stream().filter(group -> group.factor() == factor).forEach(ofFactor::add);
            int remainder = patients
                    - ofFactor.stream()
                            .mapToInt(group -> counts.getOrDefault(group, 0))
                            .sum();
            Optional<Subgroup> smallest =
                    ofFactor.stream().min(Comparator.comparing(group -> counts.getOrDefault(group, 0)));
            if (remainder == 0 || remainder >= SMALLEST || smallest.isEmpty()) {
                return;
            }
            reported.remove(smallest.get());
        }
    }
}
