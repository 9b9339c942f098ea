package org.commissure.site.plan;

import java.time.Instant;
import org.commissure.privacy.dp.StudyCost;
import org.commissure.protocol.study.Study;
import org.commissure.site.compute.ModelShape;

/** What a study costs one site in ε when every round counts once; aborted attempts cost more. */
public final class PlanCost {
    private PlanCost() {}

    /** An upper bound at the study's δ; 0 where nothing is accounted because nothing is noised. */
    public static double epsilon(Study study) {
        long parameters =
                study.published().isPresent() ? 0 : ModelShape.layout(study).parameterCount();
        try {
            return StudyCost.ofRun(study, "plan", parameters, Instant.EPOCH)
                    .map(run -> run.alone().epsilon())
                    .orElse(0.0);
        } catch (IllegalArgumentException e) {
            return Double.POSITIVE_INFINITY; // its noise does not fit its ring, so nothing bounds it
        }
    }
}
