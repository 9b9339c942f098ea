package org.commissure.coordinator.cli;

import org.commissure.protocol.v1.ChangeQueueRequest;
import picocli.CommandLine.Command;

/** Gives a queued run up. */
@Command(
        name = "remove",
        description = "Takes a run out of the queue. Its plan stays published, and the log keeps that it was queued.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator run queue remove RUN-ID --home /srv/commissure")
final class RunQueueRemoveCommand extends QueueChange {
    @Override
    void change(ChangeQueueRequest.Builder request) {
        request.setRemove(true);
    }
}
