package org.commissure.coordinator.round;

import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.RequiredSites;
import org.commissure.protocol.study.Study;

/** What must hold before a run may start. */
public final class RunPreconditions {
    private RunPreconditions() {}

    /** @throws UserError if the enrolled sites can never make the quorum, or one that it requires is not among them */
    public static void check(Study study, Set<String> enrolledSites) {
        Quorum.problem(study, enrolledSites.size()).ifPresent(problem -> {
            throw new UserError(
                    "the run cannot start: " + problem,
                    "enrol more sites ('coordinator invite'), or lower the quorum in the study");
        });
        SortedSet<String> unknown = new TreeSet<>(
                study.quorum().required().map(RequiredSites::sites).orElse(List.of()));
        unknown.removeAll(enrolledSites);
        if (!unknown.isEmpty()) {
            throw new UserError(
                    "the run cannot start: quorum.required.sites names " + String.join(", ", unknown)
                            + ", and no site of that name is enrolled",
                    "correct the name ('coordinator sites list' shows all), or enrol the site ('coordinator invite')");
        }
    }

    /** @throws UserError if the sum over all enrolled sites could overflow the ring, or is rounded too coarsely */
    public static void check(Study study, int enrolledSites, long shared) {
        SumEncoding.check(study, enrolledSites, shared);
        SumEncoding.checkRounding(study, enrolledSites);
    }
}
