package org.commissure.site.round;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.DiscreteLaplaceNoise;
import org.commissure.privacy.dp.NoisedCount;
import org.commissure.site.plan.PlanCost;
import org.commissure.site.policy.SitePolicy;
import org.commissure.site.storage.CohortCountStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The number of admitted patients as the coordinator may know it: with noise that is drawn once for each cohort and charged
 * to the ledger once, before it leaves.
 *
 * <p>Order: the draw is durable, then its charge, then log entry and seal in one transaction. A crash in between repeats
 * nothing but what is idempotent, and the same number leaves. Training comes first: where count and study together would
 * exceed the budget, no count is stated.
 */
final class CohortCount {
    private static final Logger LOG = LoggerFactory.getLogger(CohortCount.class);
    private static final int NAME_HEX_DIGITS = 32;

    private CohortCount() {}

    /** How ledger and log name the charge of a cohort's count: by the commitment, which tells nothing without the salt. */
    static String chargeName(ByteString commitment) {
        return "cohort-" + SealingPhase.hex(commitment).substring(0, NAME_HEX_DIGITS);
    }

    /** What may be stated with the seal of {@code split}; charged by then. Empty where the policy or the budget forbids it. */
    static Optional<NoisedCount> toState(SealedCohorts.Split split, SumInProgress sum, SiteServices site) {
        SitePolicy policy = site.policy();
        double epsilon = DiscreteLaplaceNoise.onGrid(policy.cohortCountsEpsilon());
        if (epsilon == 0) {
            return Optional.empty();
        }
        Optional<CohortCountStore.Drawn> known = site.counts().find(split.commitment());
        double delta =
                known.map(CohortCountStore.Drawn::delta).orElse(policy.privacy().maximumDelta());
        Charge charge = Charge.ofCount(
                chargeName(split.commitment()),
                known.map(drawn -> drawn.count().epsilon()).orElse(epsilon),
                delta,
                site.clock().instant());
        boolean charged = site.ledger().charges().stream()
                .anyMatch(earlier -> earlier.runId().equals(charge.runId()));
        if (charged && known.isEmpty()) {
            LOG.warn("the number of patients is not stated: it was once, and the database that held its noise was"
                    + " replaced; a second draw would tell more than was charged");
            return Optional.empty();
        }
        if (!charged
                && PlanCost.after(sum.study(), site.ledger().contents().with(charge), delta)
                        > policy.privacy().epsilonBudget()) {
            LOG.info("the number of patients is not stated: with the study it would exceed the privacy budget");
            return Optional.empty();
        }
        CohortCountStore.Drawn drawn = known.orElseGet(() -> site.counts()
                .keep(
                        split.commitment(),
                        NoisedCount.draw(
                                split.internal().size() + split.external().size(), epsilon, site.random()),
                        delta));
        site.ledger().charge(charge);
        if (!drawn.stated()) {
            sum.log(PrivacyCharge.entry(charge, site), site);
            sum.countStated(split.commitment());
        }
        return Optional.of(drawn.count());
    }
}
