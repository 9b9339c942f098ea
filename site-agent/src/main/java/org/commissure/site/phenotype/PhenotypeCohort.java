package org.commissure.site.phenotype;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.commissure.protocol.evaluation.Subgroup;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.site.cohort.RejectionReason;
import org.commissure.site.cohort.SealedSplit;
import org.commissure.site.cohort.Subject;
import org.commissure.site.evaluation.ExternalPatient;

/**
 * The patients of a sealed split: those that train, those that are only ever scored.
 *
 * @param subgroups that each external patient is known to be in, in their order
 */
public record PhenotypeCohort(List<Subject> training, List<Subject> external, List<Set<Subgroup>> subgroups) {
    public PhenotypeCohort {
        training = List.copyOf(training);
        external = List.copyOf(external);
        subgroups = List.copyOf(subgroups);
        if (subgroups.size() != external.size()) {
            throw new IllegalArgumentException("every external patient has its subgroups");
        }
    }

    /** Patients of whom no subgroup is known. */
    PhenotypeCohort(List<Subject> training, List<Subject> external) {
        this(training, external, Collections.nCopies(external.size(), Set.of()));
    }

    /** @param external the split's external patients, in its order */
    public static PhenotypeCohort of(SealedSplit split, List<ExternalPatient> external) {
        return new PhenotypeCohort(
                split.internal(),
                split.external(),
                external.stream().map(ExternalPatient::subgroups).toList());
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

    /** Why the study's encoder is none. */
    public static Optional<String> modelProblem(PhenotypePlan plan) {
        return plan.features().embedding().flatMap(FrozenEncoder::problem);
    }

    /** Counts and patients stay inside the hospital. */
    @Override
    public String toString() {
        return "PhenotypeCohort";
    }
}
