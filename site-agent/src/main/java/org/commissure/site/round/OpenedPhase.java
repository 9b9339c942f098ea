package org.commissure.site.round;

import java.util.Optional;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.SiteFrame;

/**
 * The site has the signed result and has told its part of the challenge to it.
 *
 * <p>Waits for: the parts of all survivors. Persists: what this site's vector says to the challenge, masked.
 * Failures: another result than the one answered, or parts that were not committed to, are refused.
 */
record OpenedPhase() implements SitePhase {
    @Override
    public String name() {
        return "opened";
    }

    @Override
    public Optional<SitePhase> on(SiteEvent event, SumInProgress sum, SiteServices site) throws SecAggException {
        CoordinatorFrame frame = event.frame();
        if (frame.hasAggregateResult()) {
            sum.secrets().openCheck(frame.getAggregateResult()); // refuses another result than the one answered
            return Optional.of(this);
        }
        if (!frame.hasCheckChallenge()) {
            return Optional.empty();
        }
        sum.answer(SiteFrame.newBuilder()
                .setCheckValue(sum.secrets().proveSum(frame.getCheckChallenge(), site.maskedVector(sum.id()))));
        return Optional.of(new ProvedPhase());
    }
}
