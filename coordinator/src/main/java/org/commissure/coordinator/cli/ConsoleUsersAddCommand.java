package org.commissure.coordinator.cli;

import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.commissure.coordinator.console.access.ConsoleRole;
import org.commissure.coordinator.console.access.Passwords;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.coordinator.storage.Database;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a person. */
@Command(
        name = "add",
        description = "Lets a person sign in to the console. The password is asked twice, or read from a file.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure coordinator console users add anna --role officer --home /srv/commissure",
            "  commissure coordinator console users add bo --role viewer --password-file bo.txt --home /srv/commissure"
        })
final class ConsoleUsersAddCommand implements Callable<Integer> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    @Mixin
    private HomeOption home = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "Letters, digits and . _ @ - ; as the person types it.")
    private String name = "";

    @Option(names = "--role", required = true, paramLabel = "ROLE", description = "viewer, officer or coordinator.")
    private String role = "";

    @Mixin
    private PasswordOption password = new PasswordOption();

    @Override
    public Integer call() {
        if (!NAME.matcher(name).matches()) {
            throw new UserError("'" + name + "' is no name for a user", "use up to 64 letters, digits and . _ @ -");
        }
        ConsoleRole known = ConsoleRole.of(role);
        try (Database database = home.openDatabase()) {
            ConsoleUsers users = new ConsoleUsers(database);
            if (users.user(name).isPresent()) {
                throw taken();
            }
            String hash = Passwords.hash(password.read(name));
            if (!users.add(new ConsoleUsers.User(
                    name, known.word(), hash, Clock.systemUTC().instant()))) {
                throw taken();
            }
        }
        System.out.println(name + " may sign in to the console as " + known.word());
        return 0;
    }

    private UserError taken() {
        return new UserError(
                "there is a user '" + name + "' already",
                "change the password with 'console users password', or remove it");
    }
}
