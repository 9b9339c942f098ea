package org.commissure.site.plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a plan stands at this site; follows from its decisions and the policy.
 *
 * @param terms what was approved, also by the first of two stewards
 * @param stewards who approved these terms; stays at the site
 * @param reason of a refusal or revocation
 */
public record PlanState(Status status, Optional<ApprovalTerms> terms, List<String> stewards, String reason) {
    /** In the order of a plan's life. */
    public enum Status {
        WAITING,
        /** One of two stewards has approved. */
        HALF_APPROVED,
        APPROVED,
        REFUSED,
        REVOKED;

        /** For people. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    public PlanState {
        stewards = List.copyOf(stewards);
    }

    static PlanState waiting() {
        return new PlanState(Status.WAITING, Optional.empty(), List.of(), "");
    }
}
