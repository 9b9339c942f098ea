package org.commissure.site.evaluation;

import com.google.protobuf.ByteString;
import org.commissure.models.training.Scan;

/**
 * A patient of the sealed external cohort.
 *
 * @param idSha256 hash of the participant id; decides the masks, leaves the process never
 */
public record ExternalPatient(ByteString idSha256, Scan patient) {
    @Override
    public String toString() {
        return "ExternalPatient";
    }
}
