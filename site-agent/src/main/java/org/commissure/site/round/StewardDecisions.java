package org.commissure.site.round;

import com.google.protobuf.ByteString;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.site.plan.PlanRefusedException;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.policy.ClearField;
import org.commissure.site.policy.SitePolicy;
import org.commissure.site.storage.LogOutbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the hospital's staff decides while the agent serves, through commands that write into the site's database:
 * announces it, and says which sums it ends. Confined to the round thread.
 */
final class StewardDecisions {
    private static final Logger LOG = LoggerFactory.getLogger(StewardDecisions.class);

    private final SiteServices site;
    private final Set<ByteString> announced = new HashSet<>();

    StewardDecisions(SiteServices site) {
        this.site = site;
    }

    /** A new stream: what has no receipt is said again. */
    void connected() {
        announced.clear();
    }

    /** Sends log entries that another process signed, and brings withdrawals into the ledger. */
    void announce() {
        site.outbox().pending().forEach(this::send);
        site.consents().settle(site.ledger());
    }

    /** Sends an entry, once on each stream. */
    void send(Signed entry) {
        if (announced.add(LogOutbox.hash(entry))) {
            site.link().send(SiteFrame.newBuilder().setLogEntry(entry).build());
        }
    }

    /** Keeps a signed plan for the steward. */
    void received(Signed signed) {
        try {
            SignedPlan plan = SignedPlan.open(signed, site.coordinatorSigning(), site.federation());
            if (site.plans().receive(plan, signed, site.clock().instant())) {
                LOG.info(
                        "a plan came, {}: '{}', purpose '{}'; a steward can read it with: commissure site plans show {}",
                        plan.id(),
                        plan.study().study().study().name(),
                        plan.purpose(),
                        plan.id());
            }
        } catch (PlanRefusedException e) {
            LOG.warn("refused a plan in the coordinator's name: {}", e.getMessage());
        }
    }

    /** Why {@code sum} must end here: its plan was refused, or its approval revoked. */
    Optional<String> forbids(SumInProgress sum) {
        try {
            SitePolicy policy = site.policy();
            return ApprovalReview.of(sum, site, policy)
                    .forbidden()
                    .map(refusal -> policy.mayLeave(ClearField.REASON) ? refusal.toString() : refusal.ruleOnly());
        } catch (UserError e) {
            // Refuses the next invitation, in so many words; a sum that was accepted under a good policy goes on.
            LOG.warn("{}; remedy: {}", e.getMessage(), e.remedy());
            return Optional.empty();
        }
    }
}
