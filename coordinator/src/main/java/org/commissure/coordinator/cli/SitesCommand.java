package org.commissure.coordinator.cli;

import picocli.CommandLine.Command;

/** {@code sites …}. */
@Command(
        name = "sites",
        description = "Lists the enrolled sites, grants requests that came by file, revokes and readmits sites.",
        subcommands = {SitesListCommand.class, IssueCommand.class, SitesRevokeCommand.class, SitesReadmitCommand.class},
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer =
                "  commissure coordinator sites revoke NYU --home /srv/commissure --reason \"the agent's disk was stolen\"")
final class SitesCommand {}
