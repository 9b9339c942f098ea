package org.commissure.coordinator.round;

import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SecureSumConfig;

/** The numbers below which no sum starts and none is opened. */
final class Quorum {
    private Quorum() {}

    /** Survivors that every set U1, U2, U3 and the votes need: t, the study's quorum, and c + 2. */
    static int survivorsNeeded(Study study, SecureSumConfig config) {
        return Math.max(
                config.getThreshold(),
                Math.max(study.quorum().minimumSites(), study.quorum().maximumColluders() + 2));
    }

    /** The sites of {@code names} that the study requires of the present sum. */
    static SortedSet<String> requiredOf(RunState run, Collection<String> names) {
        SortedSet<String> required = new TreeSet<>();
        run.plan().study().quorum().requiredIn(run.sum().kind()).ifPresent(sites -> required.addAll(sites.sites()));
        required.retainAll(names);
        return required;
    }

    /** Why {@code n} parties cannot start a sum, or empty where they can. */
    static Optional<String> problem(Study study, int n) {
        int c = study.quorum().maximumColluders();
        int t = Study.threshold(n);
        int minimum = Math.max(study.quorum().minimumSites(), c + 2);
        if (n < minimum) {
            return Optional.of(n + " sites take part, " + minimum + " are needed");
        }
        if (2 * t <= n + c) {
            return Optional.of("a threshold of " + t + " of " + n + " sites does not withstand " + c
                    + " colluders (2t > n + c fails); lower quorum.maximum_colluders");
        }
        return Optional.empty();
    }
}
