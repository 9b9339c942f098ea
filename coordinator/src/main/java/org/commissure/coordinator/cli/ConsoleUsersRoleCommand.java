package org.commissure.coordinator.cli;

import java.time.Clock;
import java.util.concurrent.Callable;
import org.commissure.coordinator.console.access.Accounts;
import org.commissure.coordinator.storage.Database;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code console users role}. */
@Command(
        name = "role",
        description = "Gives a console user another role, from the next request on.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator console users role anna --role coordinator --home /srv/commissure")
final class ConsoleUsersRoleCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "The user.")
    private String name = "";

    @Option(
            names = "--role",
            required = true,
            paramLabel = "ROLE",
            description = "viewer, officer, coordinator or administrator.")
    private String role = "";

    @Override
    public Integer call() {
        try (Database database = home.openDatabase()) {
            Accounts.of(database, Clock.systemUTC()).setRole(name, role);
        }
        System.out.println(name + " is now " + role);
        return 0;
    }
}
