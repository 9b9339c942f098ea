package org.commissure.site.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.privacy.dp.StudyCost;
import org.commissure.protocol.study.Study;
import org.commissure.site.compute.ModelShape;

/** What a study costs one site in ε when every round counts once; aborted attempts cost more. */
public final class PlanCost {
    private PlanCost() {}

    /** An upper bound at the study's δ; 0 where nothing is accounted because nothing is noised. */
    public static double epsilon(Study study) {
        try {
            return ofRun(study).map(run -> run.alone().epsilon()).orElse(0.0);
        } catch (IllegalArgumentException e) {
            return Double.POSITIVE_INFINITY; // its noise does not fit its ring, so nothing bounds it
        }
    }

    /** What this site will have spent in all after one run of the study, at {@code delta}. */
    public static double after(Study study, LedgerContents ledger, double delta) {
        try {
            List<Charge> charges = new ArrayList<>(ledger.charges());
            ofRun(study).ifPresent(charges::add);
            return LedgerContents.compose(charges, delta).epsilon();
        } catch (IllegalArgumentException e) {
            return Double.POSITIVE_INFINITY;
        }
    }

    private static Optional<Charge> ofRun(Study study) {
        return StudyCost.ofRun(study, "plan", ModelShape.summed(study, 0), Instant.EPOCH);
    }
}
