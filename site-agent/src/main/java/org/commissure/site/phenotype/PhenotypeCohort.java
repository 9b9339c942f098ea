package org.commissure.site.phenotype;

import java.util.List;
import java.util.Optional;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.site.cohort.RejectionReason;
import org.commissure.site.cohort.SealedSplit;
import org.commissure.site.cohort.Subject;

/** The patients of a sealed split: those that train, those that are only ever scored. */
public record PhenotypeCohort(List<Subject> training, List<Subject> external) {
    public PhenotypeCohort {
        training = List.copyOf(training);
        external = List.copyOf(external);
    }

    public static PhenotypeCohort of(SealedSplit split) {
        return new PhenotypeCohort(split.internal(), split.external());
    }

    /**
     * Why this site cannot take part, in words that may leave it: kinds of problem, never counts.
     *
     * @param rejection the commonest reason for which the admission check turned patients away
     */
    public static Optional<String> problem(SealedSplit split, PhenotypePlan plan, Optional<RejectionReason> rejection) {
        boolean enough = split.internal().size() >= plan.minimumPatients()
                && !split.external().isEmpty();
        return enough
                ? Optional.empty()
                : Optional.of("too few patients of this site's cohort can be used"
                        + rejection
                                .map(reason -> "; the commonest problem: " + reason.code())
                                .orElse(""));
    }

    /** Counts and patients stay inside the hospital. */
    @Override
    public String toString() {
        return "PhenotypeCohort";
    }
}
