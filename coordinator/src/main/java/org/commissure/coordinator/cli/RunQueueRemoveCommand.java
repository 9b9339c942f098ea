package org.commissure.coordinator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes the queue. */
@Command(
        name = "remove",
        description = "Takes a run out of the queue. Its plan stays published, and the log keeps that it was queued.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator run queue remove RUN-ID --home /srv/commissure")
final class RunQueueRemoveCommand implements Callable<Integer> {
    @Mixin
    private ConnectionOption connection = new ConnectionOption();

    @Parameters(index = "0", paramLabel = "RUN-ID", description = "The queued run.")
    private String runId = "";

    @Option(names = "--json", description = "Print the queue as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        try (OperatorClient client = connection.connect()) {
            QueueLines.print(
                    client.changeQueue(request -> request.setRunId(runId).setRemove(true)), json);
            return 0;
        }
    }
}
