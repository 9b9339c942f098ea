package org.commissure.site.round;

import java.util.Optional;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.SiteFrame;

/**
 * The site has signed, once for this attempt, who survived.
 *
 * <p>Waits for: at least the threshold of identical votes. Persists: the shares it reveals, for each
 * peer the one kind or the other, never both. Failures: a second survivor set or votes that differ
 * from its own are refused, also after a crash.
 */
record VotedPhase() implements SitePhase {
    @Override
    public String name() {
        return "voted";
    }

    @Override
    public Optional<SitePhase> on(SiteEvent event, SumInProgress sum, SiteServices site) throws SecAggException {
        CoordinatorFrame frame = event.frame();
        if (frame.hasSurvivorProposal()) {
            sum.secrets().vote(frame.getSurvivorProposal()); // refuses another set than the one signed
            return Optional.of(this);
        }
        if (!frame.hasUnmaskRequest()) {
            return Optional.empty();
        }
        sum.answer(SiteFrame.newBuilder().setUnmaskShares(sum.secrets().unmask(frame.getUnmaskRequest())));
        return Optional.of(new UnmaskedPhase());
    }
}
