package org.commissure.site.round;

import java.util.Optional;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.protocol.v1.SiteFrame;

/**
 * The site has revealed its shares.
 *
 * <p>Waits for: the signed result, see {@link ReleasedPhase}; where the study has sums checked, the result is
 * answered with this site's part of the challenge. Persists: that part. Failures: other
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
        if (event.frame().hasAggregateResult()) {
            sum.answer(SiteFrame.newBuilder()
                    .setCheckOpening(sum.secrets().openCheck(event.frame().getAggregateResult())));
            return Optional.of(new OpenedPhase());
        }
        return Optional.empty();
    }
}
