package org.commissure.site.round;

import java.util.Optional;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.protocol.v1.CoordinatorFrame;

/**
 * The site has dealt its shares.
 *
 * <p>Waits for: the shares its peers dealt to it. Persists: those shares. Failures: a share that does
 * not open or was not signed by its dealer is refused.
 */
record SharedPhase() implements SitePhase {
    @Override
    public String name() {
        return "shared";
    }

    @Override
    public Optional<SitePhase> on(SiteEvent event, SumInProgress sum, SiteServices site) throws SecAggException {
        CoordinatorFrame frame = event.frame();
        if (frame.hasRoster()) {
            sum.secrets().shareKeys(frame.getRoster()); // refuses another roster than the one answered
            return Optional.of(this);
        }
        if (!frame.hasShareDelivery()) {
            return Optional.empty();
        }
        sum.secrets().receiveShares(frame.getShareDelivery());
        return Optional.of(new TrainingPhase());
    }
}
