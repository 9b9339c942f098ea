package org.commissure.site.plan;

import org.commissure.privacy.dp.RdpAccountant;
import org.commissure.protocol.study.Study;
import org.commissure.site.regional.StatisticsNoise;

/** What a study costs one site in ε when every round counts once; aborted attempts cost more. */
public final class PlanCost {
    private PlanCost() {}

    /** An upper bound at the study's δ; 0 where nothing is accounted because nothing is noised. */
    public static double epsilon(Study study) {
        Study.Privacy privacy = study.privacy();
        if (privacy.mode() == Study.PrivacyMode.NONE) {
            return 0;
        }
        long releases = study.regional()
                .map(plan -> (long) StatisticsNoise.releases(plan))
                .orElseGet(study::steps);
        return RdpAccountant.epsilon(privacy.samplingRate(), privacy.noiseMultiplier(), releases, privacy.delta())
                .epsilon();
    }
}
