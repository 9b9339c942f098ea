package org.commissure.site.cli;

import picocli.CommandLine.Command;

/** {@code commissure bench …}. */
@Command(
        name = "bench",
        description = "What this machine can do.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BenchBrainLm.class, BenchPrivacy.class, BenchRegional.class},
        footer = {
            "",
            "Examples:",
            "  commissure bench brainlm --threads 2 --sizes small,mid",
            "  commissure bench regional --threads 2"
        })
final class BenchCommand {}
