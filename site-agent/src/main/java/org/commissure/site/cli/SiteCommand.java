package org.commissure.site.cli;

import picocli.CommandLine.Command;

/** {@code commissure site …}. */
@Command(
        name = "site",
        description = "Enrol this hospital in a federation, take part in its rounds, and see what was spent.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            JoinCommand.class,
            PreflightCommand.class,
            EnrolCommand.class,
            ServeCommand.class,
            StatusCommand.class,
            ConsoleCommand.class,
            SitePrivacyCommand.class,
            LedgerCommand.class,
            SitePolicyCommand.class,
            PlansCommand.class,
            StewardsCommand.class,
            ConsentCommand.class,
            ReceiptsCommand.class,
            SiteRetentionCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            SupportBundleCommand.class,
            ModelCommand.class,
            RegionalCommand.class,
            CohortCommand.class
        },
        footer = {
            "",
            "A site's life:",
            "  commissure site join invitation.json --home /srv/commissure --data /data/bids",
            "  commissure site serve --home /srv/commissure",
            "  commissure site console --home /srv/commissure",
            "  commissure site status --home /srv/commissure",
            "  commissure site privacy ledger --home /srv/commissure"
        })
final class SiteCommand {}
