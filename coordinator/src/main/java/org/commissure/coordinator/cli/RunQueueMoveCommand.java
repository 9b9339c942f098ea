package org.commissure.coordinator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes the queue. */
@Command(
        name = "move",
        description = "Puts a queued run at another place of the queue; 1 is the first.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator run queue move RUN-ID 1 --home /srv/commissure")
final class RunQueueMoveCommand implements Callable<Integer> {
    @Mixin
    private ConnectionOption connection = new ConnectionOption();

    @Parameters(index = "0", paramLabel = "RUN-ID", description = "The queued run.")
    private String runId = "";

    @Parameters(index = "1", paramLabel = "PLACE", description = "From 1; beyond the end is the end.")
    private int place;

    @Option(names = "--json", description = "Print the queue as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        try (OperatorClient client = connection.connect()) {
            QueueLines.print(
                    client.changeQueue(request -> request.setRunId(runId).setMoveTo(Math.max(1, place))), json);
            return 0;
        }
    }
}
