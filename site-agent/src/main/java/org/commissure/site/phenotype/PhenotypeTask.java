package org.commissure.site.phenotype;

import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.v1.SumKind;

/**
 * One site's part in one sum.
 *
 * @param published the vector published so far, {@link org.commissure.protocol.study.PhenotypeVectors}
 */
@SuppressWarnings("ArrayRecordComponent") // a vector to read from; never compared
public record PhenotypeTask(
        String runId, SumKind kind, PhenotypePlan plan, PhenotypeCohort cohort, double[] published) {
    @Override
    public String toString() {
        return "PhenotypeTask[" + runId + " " + kind + "]";
    }
}
