package org.commissure.coordinator.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.commissure.coordinator.retention.KeptRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code retention show}. */
@Command(
        name = "show",
        description = {
            "Prints what is kept of each run and how large it is, and with the rule's options what would go and what is"
                    + " lost with it. Deletes nothing."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator retention show --home /srv/commissure --keep-rounds 5 --older-than 90")
final class RetentionShowCommand implements Callable<Integer> {
    @Mixin
    private RetentionOptions options = new RetentionOptions();

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        List<KeptRun> runs = options.open(retention -> retention.plan(options.rule()));
        RetentionLines.print(runs, json, false);
        return 0;
    }
}
