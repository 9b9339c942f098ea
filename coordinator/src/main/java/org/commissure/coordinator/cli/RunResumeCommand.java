package org.commissure.coordinator.cli;

import java.util.concurrent.Callable;
import org.commissure.coordinator.round.RunJson;
import org.commissure.protocol.v1.StatusResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets rounds begin again. */
@Command(
        name = "resume",
        description = {
            "Lets rounds of a paused run begin again. One that waits for its study's hours goes on waiting for them."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator run resume --home /srv/commissure")
final class RunResumeCommand implements Callable<Integer> {
    @Mixin
    private ConnectionOption connection = new ConnectionOption();

    @Option(names = "--run-id", defaultValue = "", paramLabel = "ID", description = "Default: the newest run.")
    private String runId = "";

    @Option(names = "--json", description = "Print the status document.")
    private boolean json;

    @Override
    public Integer call() {
        try (OperatorClient client = connection.connect()) {
            StatusResponse response = client.resume(runId);
            System.out.println(json ? response.getJson() : ProgressView.line(RunJson.read(response.getJson())));
            return 0;
        }
    }
}
