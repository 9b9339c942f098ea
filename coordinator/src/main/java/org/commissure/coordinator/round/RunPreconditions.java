package org.commissure.coordinator.round;

import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;

/** What must hold before a run may start. */
public final class RunPreconditions {
    private RunPreconditions() {}

    /** @throws UserError if the enrolled sites can never make the quorum */
    public static void check(Study study, int enrolledSites) {
        Quorum.problem(study, enrolledSites).ifPresent(problem -> {
            throw new UserError(
                    "the run cannot start: " + problem,
                    "enrol more sites ('coordinator invite'), or lower the quorum in the study");
        });
    }

    /** @throws UserError if the sum over all enrolled sites could overflow the ring */
    public static void check(Study study, int enrolledSites, long parameterCount) {
        SumEncoding.check(study, enrolledSites, parameterCount);
    }
}
