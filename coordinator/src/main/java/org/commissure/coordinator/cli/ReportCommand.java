package org.commissure.coordinator.cli;

import picocli.CommandLine.Command;

/** {@code report …}: what anybody does with a run's report, without a coordinator. */
@Command(
        name = "report",
        description = "Checks the report of a run offline, from its folder and a copy of the log.",
        subcommands = {ReportVerifyCommand.class, ReportCardCommand.class},
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator report verify runs/run-1 --log log")
final class ReportCommand {}
