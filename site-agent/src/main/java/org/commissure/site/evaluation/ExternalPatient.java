package org.commissure.site.evaluation;

import com.google.protobuf.ByteString;
import java.util.Set;
import org.commissure.models.training.Scan;
import org.commissure.protocol.evaluation.Subgroup;

/**
 * A patient of the sealed external cohort.
 *
 * @param idSha256 hash of the participant id; decides the masks, leaves the process never
 * @param subgroups that the patient is known to be in
 */
public record ExternalPatient(ByteString idSha256, Scan patient, Set<Subgroup> subgroups) {
    public ExternalPatient {
        subgroups = Set.copyOf(subgroups);
    }

    /** A patient of whom nothing is known. */
    public ExternalPatient(ByteString idSha256, Scan patient) {
        this(idSha256, patient, Set.of());
    }

    @Override
    public String toString() {
        return "ExternalPatient";
    }
}
