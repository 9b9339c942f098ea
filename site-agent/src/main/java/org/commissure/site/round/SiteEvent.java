package org.commissure.site.round;

import java.util.Optional;
import org.commissure.privacy.secagg.PlainVector;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.protocol.v1.CoordinatorFrame;

/** Something that a phase may wait for. */
sealed interface SiteEvent {
    /** What the coordinator said; an empty frame where the event is none of its. */
    default CoordinatorFrame frame() {
        return CoordinatorFrame.getDefaultInstance();
    }

    /** The coordinator said something about this sum. */
    record Received(CoordinatorFrame frame) implements SiteEvent {}

    /** An entry of this site arrived in the log. */
    record EntryLogged() implements SiteEvent {}

    /** Local work is done. */
    record VectorReady(PlainVector vector) implements SiteEvent {
        @Override
        public String toString() {
            return "VectorReady";
        }
    }

    /** The last chunk of the masked vector is on the coordinator's disk. */
    record UploadFinished() implements SiteEvent {}

    /**
     * What the check of a released sum found.
     *
     * @param altered present where the sum is not what the survivors contributed
     * @param problem why it could not be checked; empty where it was
     */
    record SumChecked(Optional<SecAggException> altered, String problem) implements SiteEvent {}

    /** Local work or the upload cannot succeed. */
    record WorkFailed(String reason) implements SiteEvent {}
}
