package org.commissure.site.round;

import java.util.Optional;
import org.commissure.privacy.secagg.SecAggException;

/**
 * The site has revealed its shares.
 *
 * <p>Waits for: the signed result, see {@link ReleasedPhase}. Persists: nothing more. Failures: other
 * votes than the ones answered are refused; an aborted sum ends in {@link AbandonedPhase}.
 */
record UnmaskedPhase() implements SitePhase {
    @Override
    public String name() {
        return "unmasked";
    }

    @Override
    public Optional<SitePhase> on(SiteEvent event, SumInProgress sum, SiteServices site) throws SecAggException {
        if (event.frame().hasUnmaskRequest()) {
            sum.secrets().unmask(event.frame().getUnmaskRequest()); // refuses other votes than the ones answered
            return Optional.of(this);
        }
        return Optional.empty();
    }
}
