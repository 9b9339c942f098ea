package org.commissure.site.round;

import java.util.List;
import org.commissure.protocol.study.RegionalPlan;
import org.commissure.protocol.v1.SecureSumConfig;

/**
 * Which party of a FIT sum fits: the study's sites in turn, one for each attempt, so that a site that
 * fails is followed by the next. Everyone reads it from the same signed configuration.
 */
final class Election {
    private Election() {}

    /** @param index of this site among the parties, from 1 */
    static boolean isElected(RegionalPlan.Fit fit, SecureSumConfig config, int index) {
        List<String> candidates = fit.sites();
        int attempt = config.getSum().getAttempt() - 1;
        if (candidates.equals(List.of(RegionalPlan.Fit.FIRST))) {
            return attempt % config.getPartyCount() == index - 1;
        }
        return candidates
                .get(attempt % candidates.size())
                .equals(config.getParty(index - 1).getSite());
    }
}
