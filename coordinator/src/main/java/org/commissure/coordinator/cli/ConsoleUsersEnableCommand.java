package org.commissure.coordinator.cli;

import java.time.Clock;
import java.util.concurrent.Callable;
import org.commissure.coordinator.console.access.Accounts;
import org.commissure.coordinator.storage.Database;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code console users enable}. */
@Command(
        name = "enable",
        description = "Lets a disabled console user sign in again.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator console users enable anna --home /srv/commissure")
final class ConsoleUsersEnableCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "The user.")
    private String name = "";

    @Override
    public Integer call() {
        try (Database database = home.openDatabase()) {
            Accounts.of(database, Clock.systemUTC()).setDisabled(name, false);
        }
        System.out.println(name + " may sign in again");
        return 0;
    }
}
