package org.commissure.site.regional;

import org.commissure.protocol.study.RegionalPlan;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumKind;

/**
 * One site's part in one sum.
 *
 * @param elected whether this site fits
 * @param published the vector published so far, {@link org.commissure.protocol.study.RegionalVectors}
 */
public record RegionalTask(
        String runId, SumKind kind, Study study, RegionalCohort cohort, boolean elected, double[] published) {

    RegionalPlan plan() {
        return study.regional().orElseThrow(() -> new IllegalStateException("the study is not of kind regional"));
    }

    @Override
    public String toString() {
        return "RegionalTask[" + runId + " " + kind + "]";
    }
}
