package org.commissure.site.cli;

import picocli.CommandLine.Command;

/** {@code commissure site privacy …}. */
@Command(
        name = "privacy",
        description = "What this site's patients' privacy was spent on.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = LedgerCommand.class,
        footer = {"", "Example:", "  commissure site privacy ledger --home /srv/commissure"})
final class SitePrivacyCommand {}
