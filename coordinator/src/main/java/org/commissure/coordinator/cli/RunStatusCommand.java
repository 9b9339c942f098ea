package org.commissure.coordinator.cli;

import java.util.concurrent.Callable;
import org.commissure.coordinator.round.RunJson;
import org.commissure.protocol.v1.StatusResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints how a run stands. */
@Command(
        name = "status",
        description = "Prints how a run stands: round, phase, who is awaited, what each site does, the rounds so far.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it runs or has finished", "1:it failed or was cancelled", "3:no answer"},
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator run status --home /srv/commissure --json | jq .history")
final class RunStatusCommand implements Callable<Integer> {
    @Mixin
    private ConnectionOption connection = new ConnectionOption();

    @Option(names = "--run-id", defaultValue = "", paramLabel = "ID", description = "Default: the newest run.")
    private String runId = "";

    @Option(names = "--json", description = "Print the status document.")
    private boolean json;

    @Override
    public Integer call() {
        try (OperatorClient client = connection.connect()) {
            StatusResponse response = client.status(runId);
            var summary = RunJson.read(response.getJson());
            System.out.println(json ? response.getJson() : String.join("\n", ProgressView.page(summary)));
            return RunWatchCommand.exitCode(summary);
        }
    }
}
