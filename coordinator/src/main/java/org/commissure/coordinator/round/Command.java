package org.commissure.coordinator.round;

import com.google.protobuf.Message;
import org.commissure.privacy.secagg.CoordinatorSum;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.ShareDelivery;

/**
 * What the shell does once the event that asked for it is durable. Every command may run again
 * after a crash.
 */
public sealed interface Command {

    /** Sends {@code message} if the site is connected; messages the protocol has signed are signed. */
    record Send(String site, Message message) implements Command {}

    /** As {@link Send}, of what was dealt to one party: made when its turn comes, for all of them together are n² shares. */
    record Deliver(String site, Sum sum, Transcript transcript, int index) implements Command {
        /** Of each dealer: a share of either kind, sealed, and the header that it signed. */
        private static final int BYTES_OF_EACH = 8 << 10;

        /** About how large the message will be. */
        int bytes() {
            return transcript.of(Step.SHARE_KEYS).size() * BYTES_OF_EACH;
        }

        ShareDelivery message(DealtFiles files) {
            return CoordinatorSum.delivery(
                    transcript.config().getSum(), transcript.of(Step.SHARE_KEYS), files.of(transcript), index);
        }
    }

    /** Delivers {@link RunEvent.DeadlineReached} at the given time. */
    record ArmDeadline(Sum sum, String phase, long atUnixMs) implements Command {}

    /** Delivers {@link RunEvent.GraceExpired} at the given time. */
    record ArmGrace(String site, long sinceUnixMs, long atUnixMs) implements Command {}

    /** Becomes a leaf of the transparency log; written in the transaction of the event itself. */
    record Append(LogEntry entry) implements Command {}

    /** Adds the survivors' uploads, unmasks and applies them; ends in SumComputed or SumFailed. */
    record Aggregate(Sum sum, Transcript transcript) implements Command {}

    /** Takes the log's checkpoint and delivers {@link RunEvent.SumStarted}. */
    record BeginSum() implements Command {}

    /** As {@link BeginSum}, at the given time. */
    record ArmBegin(long atUnixMs) implements Command {}

    /** Deletes the uploads of an attempt that is over. */
    record DiscardUploads(Sum sum) implements Command {}

    /** Writes model, report and card into the run's folder. */
    record WriteRun() implements Command {}

    /** For the process log: an answer that came too late, twice, or out of order. */
    record Note(String text) implements Command {}
}
