package org.commissure.coordinator.cli;

import java.time.Clock;
import java.util.concurrent.Callable;
import org.commissure.coordinator.console.access.Accounts;
import org.commissure.coordinator.storage.Database;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code console users disable}. */
@Command(
        name = "disable",
        description = "Keeps a console user's account and lets nobody sign in with it; open sessions end.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator console users disable anna --home /srv/commissure")
final class ConsoleUsersDisableCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "The user.")
    private String name = "";

    @Override
    public Integer call() {
        try (Database database = home.openDatabase()) {
            Accounts.of(database, Clock.systemUTC()).setDisabled(name, true);
        }
        System.out.println(name + " may not sign in until enabled again");
        return 0;
    }
}
