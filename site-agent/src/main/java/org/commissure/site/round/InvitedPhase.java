package org.commissure.site.round;

import java.util.Optional;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.privacy.secagg.SiteSum;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.SiteFrame;

/**
 * The site accepted an invitation.
 *
 * <p>Waits for: the signed configuration of the sum, which must ask for exactly what was accepted.
 * Persists: the fresh key seed and self-mask seed of this attempt, and the signed public key.
 * Failures: a configuration that differs from the invitation, breaks the site's limits or bears a
 * wrong signature is refused; the site takes no part.
 */
record InvitedPhase() implements SitePhase {
    @Override
    public String name() {
        return "invited";
    }

    @Override
    public Optional<SitePhase> on(SiteEvent event, SumInProgress sum, SiteServices site) throws SecAggException {
        CoordinatorFrame frame = event.frame();
        if (frame.hasInvitation()) {
            return Optional.of(this);
        }
        if (!frame.hasSecureSumConfig()) {
            return Optional.empty();
        }
        SiteSum secrets = SiteSum.begin(
                frame.getSecureSumConfig(),
                site.signing(),
                site.coordinatorSigning(),
                site.verifier(),
                site.limits(),
                site.random());
        ConfigurationCheck.check(secrets.config(), sum, site.federation());
        sum.begin(secrets);
        sum.answer(SiteFrame.newBuilder().setAdvertiseKeys(secrets.advertiseKeys()));
        return Optional.of(new AdvertisedPhase());
    }
}
