package org.commissure.site.round;

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
    @SuppressWarnings("ArrayRecordComponent") // handed from the worker to the phase, never compared
    record VectorReady(int[] vector) implements SiteEvent {
        @Override
        public String toString() {
            return "VectorReady";
        }
    }

    /** The last chunk of the masked vector is on the coordinator's disk. */
    record UploadFinished() implements SiteEvent {}

    /** Local work or the upload cannot succeed. */
    record WorkFailed(String reason) implements SiteEvent {}
}
