package org.commissure.coordinator.cli;

import java.time.Clock;
import java.util.concurrent.Callable;
import org.commissure.coordinator.console.access.Accounts;
import org.commissure.coordinator.storage.Database;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code console users bind}. */
@Command(
        name = "bind",
        description =
                "Lets a console user sign in through the OpenID provider, with the role that the user has here. A password"
                        + " goes on working beside it. Binding anew forgets who came in before, and --none ends it; either ends what"
                        + " that person has open.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure coordinator console users bind anna --email anna@example.org --home /srv/commissure",
            "  commissure coordinator console users bind anna --none --home /srv/commissure"
        })
final class ConsoleUsersBindCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "The user.")
    private String name = "";

    @Mixin
    private BindingOptions binding = new BindingOptions();

    @Option(names = "--none", description = "Let nobody at the provider be this user any more.")
    private boolean none;

    @Override
    public Integer call() {
        if (none == binding.isGiven()) {
            throw new UserError("it is not said to whom", "name one of --subject, --email and --none");
        }
        try (Database database = home.openDatabase()) {
            Accounts accounts = Accounts.of(database, Clock.systemUTC());
            if (none) {
                accounts.unbind(name);
            } else {
                accounts.bind(name, binding.read(home.home().folder()));
            }
        }
        System.out.println(
                none
                        ? name + " does not sign in through the provider any more"
                        : name + " may sign in through the OpenID provider");
        return 0;
    }
}
