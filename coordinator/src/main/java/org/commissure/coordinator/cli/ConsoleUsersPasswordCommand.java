package org.commissure.coordinator.cli;

import java.time.Clock;
import java.util.concurrent.Callable;
import org.commissure.coordinator.console.access.Passwords;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.coordinator.storage.Database;
import org.commissure.protocol.UserError;
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
            ConsoleUsers users = new ConsoleUsers(database);
            if (users.user(name).isEmpty()) {
                throw unknown(name);
            }
            String hash = Passwords.hash(password.read(name));
            if (!users.setPassword(name, hash, Clock.systemUTC().instant())) {
                throw unknown(name);
            }
        }
        System.out.println(
                "the password of " + name + " is changed; whoever was signed in with the old one is not any more");
        return 0;
    }

    static UserError unknown(String name) {
        return new UserError("there is no user '" + name + "'", "see 'console users list'");
    }
}
