package org.commissure.coordinator.cli;

import java.util.concurrent.Callable;
import org.commissure.coordinator.console.oidc.ProviderSettings;
import org.commissure.coordinator.storage.ConsoleIdentities;
import org.commissure.coordinator.storage.Database;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code console oidc remove}. */
@Command(
        name = "remove",
        description =
                "Ends sign-in through the OpenID provider and forgets the client's secret. Whoever came in by a claim is"
                        + " signed out and has no account any more; users with a binding keep account and open session.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator console oidc remove --home /srv/commissure")
final class ConsoleOidcRemoveCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Override
    public Integer call() {
        try (Database database = home.openDatabase()) {
            if (!ProviderSettings.remove(home.home().folder())) {
                throw new UserError("no OpenID provider is set", "see 'console oidc show'");
            }
            new ConsoleIdentities(database).removeGranted();
        }
        System.out.println("nobody signs in through an OpenID provider any more");
        return 0;
    }
}
