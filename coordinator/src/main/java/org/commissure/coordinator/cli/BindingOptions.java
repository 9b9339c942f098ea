package org.commissure.coordinator.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.commissure.coordinator.console.access.Accounts;
import org.commissure.coordinator.console.oidc.ProviderSettings;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --subject} or {@code --email}: who somebody is at the OpenID provider. */
final class BindingOptions {
    @Option(
            names = "--subject",
            paramLabel = "SUBJECT",
            description = "The provider's lasting name of the person: the claim 'sub'. A refused sign-in shows it.")
    private @Nullable String subject;

    @Option(
            names = "--email",
            paramLabel = "ADDRESS",
            description =
                    "The person's address, as the provider verified it. The first who comes in by it keeps it: from then"
                            + " on the subject counts.")
    private @Nullable String email;

    boolean isGiven() {
        return subject != null || email != null;
    }

    /** @throws UserError if both are given, or no provider is set */
    Accounts.Binding read(Path home) {
        String issuer = ProviderSettings.read(home)
                .orElseThrow(() -> new UserError("no OpenID provider is set", "set one first with 'console oidc set'"))
                .issuer();
        return new Accounts.Binding(issuer, Optional.ofNullable(subject), Optional.ofNullable(email));
    }
}
