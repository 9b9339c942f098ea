package org.commissure.coordinator.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.commissure.coordinator.retention.KeptRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code retention apply}. */
@Command(
        name = "apply",
        description = {
            "Deletes models of rounds of runs that ended, as the rule says, and writes into the log what it did.",
            "Always kept: what a run released last, its report, card and study, the log, and all of a run under way."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer =
                "  commissure coordinator retention apply --home /srv/commissure --keep-rounds 5 --older-than 90 --dry-run")
final class RetentionApplyCommand implements Callable<Integer> {
    @Mixin
    private RetentionOptions options = new RetentionOptions();

    @Option(names = "--dry-run", description = "Print what would go, and delete nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        List<KeptRun> runs = options.open(retention -> dryRun
                ? retention.plan(options.rule()).stream()
                        .filter(run -> !run.goes().isEmpty())
                        .toList()
                : retention.apply(options.rule()));
        RetentionLines.print(runs, json, !dryRun);
        return 0;
    }
}
