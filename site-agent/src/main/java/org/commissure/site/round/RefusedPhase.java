package org.commissure.site.round;

import java.util.Optional;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.protocol.v1.InvitationReply;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.site.policy.SitePolicy.Refusal;

/**
 * The site said no to an invitation, with the reason and the remedy.
 *
 * <p>Waits for: nothing; a repeated invitation gets the same reply. Another attempt is judged afresh,
 * so that a corrected policy counts at once.
 */
record RefusedPhase() implements SitePhase {
    @Override
    public String name() {
        return "refused";
    }

    /** Refuses; the reason stays at the site where the policy says so, the rule is always named. */
    static RefusedPhase refuse(Refusal refusal, boolean mayTell, SumInProgress sum, SiteServices site) {
        sum.forget(refusal.toString());
        String reason = mayTell ? refusal.toString() : refusal.ruleOnly();
        sum.answer(SiteFrame.newBuilder()
                .setInvitationReply(site.signing()
                        .sign(InvitationReply.newBuilder()
                                .setSum(sum.id())
                                .setInvitationSha256(sum.invitationSha256())
                                .setAccepted(false)
                                .setReason(reason)
                                .build())));
        sum.log(
                LogEntries.of(
                                Actions.INVITATION_REFUSED,
                                Outcome.REFUSED,
                                site.clock().instant())
                        .actor(site.signing().name())
                        .run(sum.id().getRunId())
                        .round(sum.id().getRound())
                        .attempt(sum.id().getAttempt())
                        .fact("kind", sum.id().getKind().name())
                        .fact("rule", refusal.rule())
                        .detail(reason)
                        .build(),
                site);
        return new RefusedPhase();
    }

    @Override
    public Optional<SitePhase> on(SiteEvent event, SumInProgress sum, SiteServices site) {
        return event.frame().hasInvitation() ? Optional.of(this) : Optional.empty();
    }
}
