package org.commissure.coordinator.cli;

import picocli.CommandLine.Command;

/** {@code plan …}: studies as sites approve them. */
@Command(
        name = "plan",
        description = {
            "Publishes studies as signed plans and shows what each site's steward says about them.",
            "A site does nothing for a study before its steward has approved the plan; there is no way around that here."
        },
        subcommands = {PlanPublishCommand.class, PlanCloneCommand.class, PlanListCommand.class},
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  commissure coordinator plan publish --home /srv/commissure --study study.toml --legal-basis 'consent'",
            "  commissure coordinator plan list --home /srv/commissure"
        })
final class PlanCommand {}
