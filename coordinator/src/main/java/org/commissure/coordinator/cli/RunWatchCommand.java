package org.commissure.coordinator.cli;

import java.io.Console;
import java.util.List;
import java.util.concurrent.Callable;
import org.commissure.coordinator.round.RunJson;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Follows a run to its end. */
@Command(
        name = "watch",
        description = "Follows a run to its end: a live view on a terminal, otherwise one line per change.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it finished", "1:it failed or was cancelled", "3:no answer"},
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator run watch --home /srv/commissure --json-lines")
final class RunWatchCommand implements Callable<Integer> {
    @Mixin
    private ConnectionOption connection = new ConnectionOption();

    @Option(names = "--run-id", defaultValue = "", paramLabel = "ID", description = "Default: the newest run.")
    private String runId = "";

    @Option(names = "--json-lines", description = "Print each status document on a line.")
    private boolean jsonLines;

    private @Nullable RunSummary last;
    private String lastLine = "";
    private int height;

    @Override
    public Integer call() {
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        try (OperatorClient client = connection.connect()) {
            client.watch(runId, response -> {
                RunSummary summary = RunJson.read(response.getJson());
                last = summary;
                if (jsonLines) {
                    System.out.println(response.getJson());
                } else if (terminal) {
                    redraw(ProgressView.page(summary));
                } else {
                    printIfNew(ProgressView.line(summary));
                }
                System.out.flush();
            });
        }
        RunSummary end = last;
        if (end == null) {
            return Main.FAILED;
        }
        if (!jsonLines && !terminal) {
            System.out.println("run " + end.runId() + ": " + end.state() + ", " + end.reason());
        }
        return exitCode(end);
    }

    /** Moves up over the last page and writes the new one. */
    private void redraw(List<String> page) {
        if (height > 0) {
            System.out.print("\033[" + height + "A\033[J");
        }
        page.forEach(System.out::println);
        height = page.size();
    }

    private void printIfNew(String line) {
        if (!line.equals(lastLine)) {
            System.out.println(line);
            lastLine = line;
        }
    }

    static int exitCode(RunSummary summary) {
        return summary.state() == RunOutcome.FAILED || summary.state() == RunOutcome.CANCELLED ? Main.NO : 0;
    }
}
