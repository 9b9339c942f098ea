package org.commissure.coordinator.round;

import java.util.Optional;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.RegionalPlan;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumKind;

/**
 * Which sum follows which.
 *
 * <pre>
 * brainlm, finetune: EVALUATE 0 → TRAIN 1 → EVALUATE 1 → … → TRAIN K → EVALUATE K
 * finetune with baselines, then: FIT K+1 → REFINE K+2 → … → EVALUATE of the last of them
 * regional: STATISTICS 1 → FIT 2 → REFINE 3 → … → REFINE K → EVALUATE K
 * phenotype: OVERLAP 0 → SCALE 1 → HARMONISE 2 → FIT 3 → REFINE 4 → … → REFINE K → EVALUATE K
 * </pre>
 *
 * <p>Of the phenotype's, only FIT and EVALUATE are in every study; refinement ends early once it moves nothing.
 */
final class Course {
    private static final int ABORTED_ROUNDS_THAT_END_A_RUN = 2;

    private Course() {}

    /** Whether a sum of that kind ends in a new model; EVALUATE is about the present one. */
    static boolean releasesModel(SumKind kind) {
        return kind != SumKind.EVALUATE && kind != SumKind.OVERLAP;
    }

    static Sum first(Study study) {
        if (study.phenotype().isPresent()) {
            PhenotypePlan plan = study.phenotype().get();
            return plan.overlap().isPresent()
                    ? new Sum(0, SumKind.OVERLAP, 1)
                    : new Sum(1, plan.course().getFirst(), 1);
        }
        return study.regional().isPresent()
                ? new Sum(RegionalPlan.STATISTICS_ROUND, SumKind.STATISTICS, 1)
                : new Sum(0, SumKind.EVALUATE, 1);
    }

    /**
     * The sum after {@code sum}, whose attempts are over; empty where the run is through.
     *
     * @param converged whether the newest REFINE of a phenotype moved next to nothing
     */
    static Optional<Sum> after(Study study, Sum sum, boolean released, boolean converged) {
        int last = study.rounds().count();
        if (study.phenotype().isPresent()) {
            return after(study.phenotype().get(), 0, sum, released, converged);
        }
        if (study.regional().isPresent()) {
            if (sum.kind() == SumKind.EVALUATE || (!released && isIndispensable(sum.kind()))) {
                return Optional.empty();
            }
            return Optional.of(
                    sum.round() == last
                            ? new Sum(last, SumKind.EVALUATE, 1)
                            : new Sum(
                                    sum.round() + 1,
                                    sum.kind() == SumKind.STATISTICS ? SumKind.FIT : SumKind.REFINE,
                                    1));
        }
        if (sum.round() > last) {
            return after(study.baselines().orElseThrow(), last, sum, released, converged);
        }
        if (released && sum.kind() == SumKind.TRAIN) {
            return Optional.of(new Sum(sum.round(), SumKind.EVALUATE, 1));
        }
        return sum.round() < last
                ? Optional.of(new Sum(sum.round() + 1, SumKind.TRAIN, 1))
                : study.baselines().map(plan -> new Sum(last + 1, plan.course().getFirst(), 1));
    }

    /** @param before rounds before the first of the plan's own */
    private static Optional<Sum> after(PhenotypePlan plan, int before, Sum sum, boolean released, boolean converged) {
        int round = sum.round() - before;
        if (sum.kind() == SumKind.EVALUATE || (!released && isIndispensable(sum.kind()))) {
            return Optional.empty();
        }
        return round == plan.course().size() || converged
                ? Optional.of(new Sum(sum.round(), SumKind.EVALUATE, 1))
                : Optional.of(new Sum(sum.round() + 1, plan.course().get(round), 1));
    }

    /** Whether a run of the study fails because that many sums of the kind in a row were given up: a fine-tuning is whole without baselines. */
    static boolean isTheEnd(Study study, SumKind kind, int abortedInARow) {
        return isTheEnd(kind, abortedInARow) && (study.baselines().isEmpty() || kind == SumKind.TRAIN);
    }

    /** The same of a study that trains one model. */
    static boolean isTheEnd(SumKind kind, int abortedInARow) {
        return isIndispensable(kind) || (kind == SumKind.TRAIN && abortedInARow >= ABORTED_ROUNDS_THAT_END_A_RUN);
    }

    /** Whether the run fails because a sum of a round without a new model was given up: what cannot be scored is not trained. */
    static boolean isTheEnd(Study study, Sum sum) {
        return study.finetune().isPresent() && sum.kind() == SumKind.EVALUATE && sum.round() == 0;
    }

    /** Without statistics there is nothing to fit, and without a fit nothing to refine or to score. */
    private static boolean isIndispensable(SumKind kind) {
        return switch (kind) {
            case STATISTICS, SCALE, HARMONISE, FIT -> true;
            default -> false;
        };
    }
}
