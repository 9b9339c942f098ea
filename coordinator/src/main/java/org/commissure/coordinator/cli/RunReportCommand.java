package org.commissure.coordinator.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.coordinator.report.RunReports;
import org.commissure.coordinator.report.RunTable;
import org.commissure.coordinator.round.RunJson;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a finished run left behind. */
@Command(
        name = "report",
        description = "Prints the results of a run and where its model, report and card lie.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator run report --home /srv/commissure --json")
final class RunReportCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--run-id", defaultValue = "", paramLabel = "ID", description = "Default: the newest run.")
    private String runId = "";

    @Option(names = "--json", description = "Print report.json.")
    private boolean json;

    @Override
    public Integer call() {
        CoordinatorHome folder = home.home();
        try (OperatorClient client = new OperatorClient(folder)) {
            var summary = RunJson.read(client.status(runId).getJson());
            Path run = folder.runs().resolve(summary.runId());
            Path report = run.resolve("report.json");
            if (!Files.exists(report)) {
                throw new UserError("run " + summary.runId() + " has not ended yet", "wait for it with 'run watch'");
            }
            if (json) {
                System.out.println(Files.readString(report));
            } else {
                System.out.println(RunTable.of(RunReports.read(report)));
                System.out.println("left in " + run + ":");
                for (String name : new String[] {"model.safetensors", "config.json", "model-card.md", "report.html"}) {
                    if (Files.exists(run.resolve(name))) {
                        System.out.println("  " + name);
                    }
                }
            }
            return RunWatchCommand.exitCode(summary);
        } catch (IOException e) {
            throw new UserError("the report cannot be read: " + e.getMessage(), "check the run's folder", e);
        }
    }
}
