package org.commissure.coordinator.cli;

import picocli.CommandLine.Command;

/** {@code retention …}. */
@Command(
        name = "retention",
        description = "How long files of ended runs are kept.",
        subcommands = {RetentionShowCommand.class, RetentionApplyCommand.class},
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure coordinator retention show --home /srv/commissure --json",
            "  commissure coordinator retention apply --home /srv/commissure --keep-rounds 5 --older-than 90"
        })
final class RetentionCommand {}
