package org.commissure.coordinator.cli;

import java.time.Clock;
import java.util.concurrent.Callable;
import org.commissure.coordinator.console.access.Accounts;
import org.commissure.coordinator.storage.Database;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a person. */
@Command(
        name = "add",
        description = {
            "Lets a person sign in to the console. The password is asked twice, or read from a file.",
            "With --subject or --email there is no password: the person signs in through the OpenID provider that 'console"
                    + " oidc set' named, and has the role that is given here, whatever claims the provider makes."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure coordinator console users add anna --role officer --home /srv/commissure",
            "  commissure coordinator console users add bo --role viewer --password-file bo.txt --home /srv/commissure",
            "  commissure coordinator console users add eva --role viewer --email eva@example.org --home /srv/commissure"
        })
final class ConsoleUsersAddCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "Letters, digits and . _ @ - ; as the person types it.")
    private String name = "";

    @Option(
            names = "--role",
            required = true,
            paramLabel = "ROLE",
            description = "viewer, officer, coordinator or administrator.")
    private String role = "";

    @Mixin
    private PasswordOption password = new PasswordOption();

    @Mixin
    private BindingOptions binding = new BindingOptions();

    @Override
    public Integer call() {
        try (Database database = home.openDatabase()) {
            Accounts accounts = Accounts.of(database, Clock.systemUTC());
            var unused = accounts.requireNew(name, role); // before anybody types a password
            if (binding.isGiven()) {
                accounts.add(name, role, binding.read(home.home().folder()));
            } else {
                accounts.add(name, role, password.read(name));
            }
        }
        System.out.println(name + " may sign in to the console as " + role
                + (binding.isGiven() ? ", through the OpenID provider" : ""));
        return 0;
    }
}
