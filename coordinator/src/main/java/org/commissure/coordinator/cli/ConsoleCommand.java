package org.commissure.coordinator.cli;

import picocli.CommandLine.Command;

/** {@code console …}: the pages that people look at in a browser. */
@Command(
        name = "console",
        description =
                "The console that 'serve' shows at its console port: who may sign in, through which OpenID provider, and on which atlas"
                        + " maps are drawn.",
        subcommands = {ConsoleUsersCommand.class, ConsoleOidcCommand.class, ConsoleAtlasCommand.class},
        mixinStandardHelpOptions = true,
        footerHeading = "%nFrom nothing to a page:%n",
        footer = {
            "  commissure coordinator console users add anna --role officer --home /srv/commissure",
            "  commissure coordinator serve --home /srv/commissure --console-port 8445"
        })
final class ConsoleCommand {}
