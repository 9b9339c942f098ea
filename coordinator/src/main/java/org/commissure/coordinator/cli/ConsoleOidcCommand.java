package org.commissure.coordinator.cli;

import picocli.CommandLine.Command;

/** {@code console oidc …}. */
@Command(
        name = "oidc",
        description = {
            "Sign-in to the console through an OpenID provider, beside passwords.",
            "Who comes in has a role by an account that is bound to the person ('console users add --email', 'console users"
                    + " bind'), or else by a claim of the provider ('oidc set --map'); nobody else comes in. A change counts at"
                    + " once, also while the coordinator serves."
        },
        subcommands = {ConsoleOidcSetCommand.class, ConsoleOidcShowCommand.class, ConsoleOidcRemoveCommand.class},
        mixinStandardHelpOptions = true,
        footerHeading = "%nFrom nothing to a button on the sign-in page:%n",
        footer = {
            "  1. Register a confidential web client at the provider: authorization code",
            "     flow, PKCE, client secret, and as redirect URI exactly the console's",
            "     address with /oidc: https://coordinator.example:8445/oidc.",
            "  2. Set it here; the provider is asked at once whether it can be used so:",
            "     commissure coordinator console oidc set --home /srv/commissure \\",
            "       --issuer https://login.example.org --client-id commissure \\",
            "       --client-secret-file secret.txt \\",
            "       --console-url https://coordinator.example:8445",
            "  3. Let somebody in:",
            "     commissure coordinator console users add eva --role viewer \\",
            "       --email eva@example.org --home /srv/commissure"
        })
final class ConsoleOidcCommand {}
