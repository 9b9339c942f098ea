package org.commissure.site.phenotype;

import java.io.IOException;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.compute.LocalWorkException;

/**
 * One site's part in one sum.
 *
 * @param published the vector published so far, {@link org.commissure.protocol.study.PhenotypeVectors}
 * @param parameters asked where the study's features are a released model's
 */
@SuppressWarnings("ArrayRecordComponent") // a vector to read from; never compared
public record PhenotypeTask(
        String runId,
        SumKind kind,
        PhenotypePlan plan,
        PhenotypeCohort cohort,
        double[] published,
        Parameters parameters) {

    /** Where the parameters of a released model come from. */
    @FunctionalInterface
    public interface Parameters {
        /**
         * @param sha256 of the parameters as flat little-endian float32, against which they were checked
         * @throws LocalWorkException if there are none of this hash
         * @throws IOException if the disk refuses
         */
        float[] load(byte[] sha256, int count) throws LocalWorkException, IOException, InterruptedException;
    }

    @Override
    public String toString() {
        return "PhenotypeTask[" + runId + " " + kind + "]";
    }
}
