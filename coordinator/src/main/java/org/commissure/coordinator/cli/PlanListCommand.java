package org.commissure.coordinator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints every plan with what each site said. */
@Command(
        name = "list",
        description =
                "Prints every published plan, newest first, with each site's word: approved, refused or revoked, and"
                        + " the reason as its steward gave it.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator plan list --home /srv/commissure --json")
final class PlanListCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Option(names = "--json", description = "Print the plans as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        try (OperatorClient client = new OperatorClient(home.home())) {
            PlanLines.print(client.plans(), json, Integer.MAX_VALUE);
            return 0;
        }
    }
}
