package org.commissure.site.cohort;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The result of the admission check of one site's folder.
 *
 * @param variant which of the folder's kinds of series was read
 * @param admitted sorted by participant id
 * @param rejected sorted by participant id
 * @param notes on admitted participants, in no order of importance
 */
public record Admission(
        Path folder,
        CohortRules rules,
        SeriesVariant variant,
        List<Subject> admitted,
        List<Rejection> rejected,
        List<Note> notes) {

    public Admission {
        admitted = List.copyOf(admitted);
        rejected = List.copyOf(rejected);
        notes = List.copyOf(notes);
    }

    /** Without notes. */
    public Admission(
            Path folder, CohortRules rules, SeriesVariant variant, List<Subject> admitted, List<Rejection> rejected) {
        this(folder, rules, variant, admitted, rejected, List.of());
    }

    /** How many participants were rejected for each reason, by the reason's code. */
    public SortedMap<String, Integer> byReason() {
        SortedMap<String, Integer> counts = new TreeMap<>();
        rejected.forEach(rejection -> counts.merge(rejection.reason().code(), 1, Integer::sum));
        return counts;
    }

    /** The reason for which most participants were rejected; empty where none was. */
    public Optional<RejectionReason> commonestRejection() {
        return rejected.stream()
                .collect(Collectors.groupingBy(Rejection::reason, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.<RejectionReason, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey);
    }
}
