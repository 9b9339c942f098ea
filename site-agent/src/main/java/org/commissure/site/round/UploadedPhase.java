package org.commissure.site.round;

import java.util.Optional;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.SiteFrame;

/**
 * The coordinator has the whole masked vector, and hears its signed header.
 *
 * <p>Waits for: the proposal of who survived. Persists: the signed vote. Failures: a proposal without
 * this site, with too few survivors or with a header that is not its owner's is refused.
 */
record UploadedPhase() implements SitePhase {
    @Override
    public String name() {
        return "uploaded";
    }

    @Override
    public Optional<SitePhase> on(SiteEvent event, SumInProgress sum, SiteServices site) throws SecAggException {
        CoordinatorFrame frame = event.frame();
        if (frame.hasShareDelivery()) {
            return Optional.of(this);
        }
        if (!frame.hasSurvivorProposal()) {
            return Optional.empty();
        }
        sum.answer(SiteFrame.newBuilder().setSurvivorVote(sum.secrets().vote(frame.getSurvivorProposal())));
        return Optional.of(new VotedPhase());
    }
}
