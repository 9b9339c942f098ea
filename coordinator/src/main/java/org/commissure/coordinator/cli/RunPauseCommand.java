package org.commissure.coordinator.cli;

import java.util.concurrent.Callable;
import org.commissure.coordinator.round.RunJson;
import org.commissure.protocol.v1.StatusResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets no further round begin. */
@Command(
        name = "pause",
        description = {
            "Lets no further round begin. A round under way goes on to its end, with its evaluation and its retries.",
            "The pause survives restarts and lasts until 'run resume'; 'run cancel' works meanwhile. Queued runs wait."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator run pause --home /srv/commissure --reason 'scanner service'")
final class RunPauseCommand implements Callable<Integer> {
    @Mixin
    private ConnectionOption connection = new ConnectionOption();

    @Option(names = "--run-id", defaultValue = "", paramLabel = "ID", description = "Default: the newest run.")
    private String runId = "";

    @Option(names = "--reason", defaultValue = "", description = "Goes into the log; without names of people.")
    private String reason = "";

    @Option(names = "--json", description = "Print the status document.")
    private boolean json;

    @Override
    public Integer call() {
        try (OperatorClient client = connection.connect()) {
            StatusResponse response = client.pause(runId, reason);
            System.out.println(json ? response.getJson() : ProgressView.line(RunJson.read(response.getJson())));
            return 0;
        }
    }
}
