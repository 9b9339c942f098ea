package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import java.util.Objects;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;

/**
 * What a run was started with; never changes.
 *
 * @param parameterCount length of the flat float32 vector
 * @param sharedCount of them, those that training sums are of
 * @param sharedSha256 which they are; empty for all
 */
public record RunPlan(
        String runId,
        String federationId,
        StudyFile file,
        ByteString initialModelSha256,
        long parameterCount,
        long sharedCount,
        ByteString sharedSha256) {

    public Study study() {
        return file.study();
    }

    /** Two plans are the same if their study texts are, byte for byte. */
    @Override
    public boolean equals(Object other) {
        return other instanceof RunPlan that
                && runId.equals(that.runId)
                && federationId.equals(that.federationId)
                && file.text().equals(that.file.text())
                && initialModelSha256.equals(that.initialModelSha256)
                && parameterCount == that.parameterCount
                && sharedSha256.equals(that.sharedSha256);
    }

    @Override
    public int hashCode() {
        return Objects.hash(runId, federationId, file.text(), initialModelSha256, parameterCount);
    }
}
