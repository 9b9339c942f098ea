package org.commissure.coordinator.cli;

import java.util.concurrent.Callable;
import org.commissure.protocol.v1.ChangeQueueRequest;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands that change one queued run have in common: they print the queue as it is then. */
abstract class QueueChange implements Callable<Integer> {
    @Mixin
    private ConnectionOption connection = new ConnectionOption();

    @Parameters(index = "0", paramLabel = "RUN-ID", description = "The queued run.")
    private String runId = "";

    @Option(names = "--json", description = "Print the queue as JSON.")
    private boolean json;

    /** Says in a request that names the run what shall become of it. */
    abstract void change(ChangeQueueRequest.Builder request);

    @Override
    public final Integer call() {
        try (OperatorClient client = connection.connect()) {
            QueueLines.print(client.changeQueue(request -> change(request.setRunId(runId))), json);
            return 0;
        }
    }
}
