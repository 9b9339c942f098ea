package org.commissure.site.round;

import java.util.Optional;
import org.commissure.privacy.secagg.SecAggException;

/**
 * The site has said what its vector says to the challenge.
 *
 * <p>Waits for: what all survivors say. With it the worker fetches the released sum and checks it, while the sum
 * itself ends, see {@link ReleasedPhase}. Persists: nothing more. Failures: evidence that lacks a survivor is
 * refused.
 */
record ProvedPhase() implements SitePhase {
    @Override
    public String name() {
        return "proved";
    }

    @Override
    public Optional<SitePhase> on(SiteEvent event, SumInProgress sum, SiteServices site) throws SecAggException {
        if (event.frame().hasCheckChallenge()) {
            sum.secrets().proveSum(event.frame().getCheckChallenge(), site.maskedVector(sum.id()));
            return Optional.of(this);
        }
        if (!event.frame().hasCheckEvidence()) {
            return Optional.empty();
        }
        site.work()
                .startCheck(sum.id(), sum.secrets().verification(event.frame().getCheckEvidence()));
        sum.forget("the sum was released");
        return Optional.of(new ReleasedPhase());
    }
}
