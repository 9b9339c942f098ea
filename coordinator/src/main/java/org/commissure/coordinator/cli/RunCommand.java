package org.commissure.coordinator.cli;

import picocli.CommandLine.Command;

/** {@code run …}: what an operator does with runs. */
@Command(
        name = "run",
        description =
                "Starts, queues, lists, watches, pauses, cancels and reports runs; talks to the serving coordinator as its operator.",
        subcommands = {
            RunApproveCommand.class,
            RunStartCommand.class,
            RunStatusCommand.class,
            RunListCommand.class,
            RunWatchCommand.class,
            RunPauseCommand.class,
            RunResumeCommand.class,
            RunCancelCommand.class,
            RunQueueCommand.class,
            RunReportCommand.class
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator run watch --home /srv/commissure")
final class RunCommand {}
