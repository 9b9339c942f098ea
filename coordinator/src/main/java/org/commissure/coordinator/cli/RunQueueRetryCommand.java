package org.commissure.coordinator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes the queue. */
@Command(
        name = "retry",
        description = "Lets a run that was refused when it was its turn be tried again.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator run queue retry RUN-ID --home /srv/commissure")
final class RunQueueRetryCommand implements Callable<Integer> {
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
                    client.changeQueue(request -> request.setRunId(runId).setRetry(true)), json);
            return 0;
        }
    }
}
