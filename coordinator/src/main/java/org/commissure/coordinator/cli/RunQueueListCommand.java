package org.commissure.coordinator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the queue. */
@Command(
        name = "list",
        description = "Prints the runs that wait for their turn, in their order, each with what it waits for.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator run queue list --home /srv/commissure --json")
final class RunQueueListCommand implements Callable<Integer> {
    @Mixin
    private ConnectionOption connection = new ConnectionOption();

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        try (OperatorClient client = connection.connect()) {
            QueueLines.print(client.queue(), json);
            return 0;
        }
    }
}
