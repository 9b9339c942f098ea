package org.commissure.coordinator.cli;

import java.time.Clock;
import java.util.concurrent.Callable;
import org.commissure.coordinator.console.access.Accounts;
import org.commissure.coordinator.storage.Database;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes a person. */
@Command(
        name = "remove",
        description = "Removes a console user; whoever is signed in as that user is not any more.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator console users remove anna --home /srv/commissure")
final class ConsoleUsersRemoveCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "The user.")
    private String name = "";

    @Override
    public Integer call() {
        try (Database database = home.openDatabase()) {
            Accounts.of(database, Clock.systemUTC()).remove(name);
        }
        System.out.println(name + " may not sign in any more");
        return 0;
    }
}
