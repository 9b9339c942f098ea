package org.commissure.site.round;

import java.util.Optional;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.SiteFrame;

/**
 * The site has told its public key.
 *
 * <p>Waits for: the roster of all signed keys. Persists: the shares of its two secrets, sealed for
 * each peer. Failures: a roster with a wrong signature, without this site's own key, or a second,
 * different roster is refused.
 */
record AdvertisedPhase() implements SitePhase {
    @Override
    public String name() {
        return "advertised";
    }

    @Override
    public Optional<SitePhase> on(SiteEvent event, SumInProgress sum, SiteServices site) throws SecAggException {
        CoordinatorFrame frame = event.frame();
        if (frame.hasSecureSumConfig()) {
            return Optional.of(this);
        }
        if (!frame.hasRoster()) {
            return Optional.empty();
        }
        sum.answer(SiteFrame.newBuilder().setShareKeys(sum.secrets().shareKeys(frame.getRoster())));
        return Optional.of(new SharedPhase());
    }
}
