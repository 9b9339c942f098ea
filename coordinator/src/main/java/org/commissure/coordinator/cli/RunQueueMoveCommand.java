package org.commissure.coordinator.cli;

import org.commissure.protocol.v1.ChangeQueueRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lets a queued run have its turn sooner or later. */
@Command(
        name = "move",
        description = "Puts a queued run at another place of the queue; 1 is the first.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator run queue move RUN-ID 1 --home /srv/commissure")
final class RunQueueMoveCommand extends QueueChange {
    @Parameters(index = "1", paramLabel = "PLACE", description = "From 1; beyond the end is the end.")
    private int place;

    @Override
    void change(ChangeQueueRequest.Builder request) {
        request.setMoveTo(Math.max(1, place));
    }
}
