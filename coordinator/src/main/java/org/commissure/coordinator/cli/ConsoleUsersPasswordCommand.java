package org.commissure.coordinator.cli;

import java.time.Clock;
import java.util.concurrent.Callable;
import org.commissure.coordinator.console.access.Accounts;
import org.commissure.coordinator.storage.Database;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sets a new password. */
@Command(
        name = "password",
        description = "Sets a new password of a console user, and ends the sessions of the old one.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator console users password anna --home /srv/commissure")
final class ConsoleUsersPasswordCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "The user.")
    private String name = "";

    @Mixin
    private PasswordOption password = new PasswordOption();

    @Override
    public Integer call() {
        try (Database database = home.openDatabase()) {
            Accounts accounts = Accounts.of(database, Clock.systemUTC());
            accounts.requireOwn(name); // before anybody types a password
            accounts.setPassword(name, password.read(name));
        }
        System.out.println(
                "the password of " + name + " is changed; whoever was signed in with the old one is not any more");
        return 0;
    }
}
