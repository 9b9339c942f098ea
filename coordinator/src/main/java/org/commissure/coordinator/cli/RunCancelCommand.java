package org.commissure.coordinator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends a run before its time. */
@Command(
        name = "cancel",
        description = "Ends the run under way. The sum in progress is aborted; the newest released model stays.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator run cancel --home /srv/commissure --reason 'wrong study file'")
final class RunCancelCommand implements Callable<Integer> {
    @Mixin
    private ConnectionOption connection = new ConnectionOption();

    @Option(names = "--run-id", defaultValue = "", paramLabel = "ID", description = "Default: the newest run.")
    private String runId = "";

    @Option(names = "--reason", defaultValue = "", description = "Goes into the log.")
    private String reason = "";

    @Override
    public Integer call() {
        try (OperatorClient client = connection.connect()) {
            client.cancel(runId, reason);
            System.out.println("cancelled");
            return 0;
        }
    }
}
