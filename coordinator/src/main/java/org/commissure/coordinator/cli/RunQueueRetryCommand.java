package org.commissure.coordinator.cli;

import org.commissure.protocol.v1.ChangeQueueRequest;
import picocli.CommandLine.Command;

/** Gives a refused run another chance. */
@Command(
        name = "retry",
        description = "Lets a run that was refused when it was its turn be tried again.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator run queue retry RUN-ID --home /srv/commissure")
final class RunQueueRetryCommand extends QueueChange {
    @Override
    void change(ChangeQueueRequest.Builder request) {
        request.setRetry(true);
    }
}
