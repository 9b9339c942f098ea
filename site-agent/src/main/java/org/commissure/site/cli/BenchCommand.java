package org.commissure.site.cli;

import picocli.CommandLine.Command;

/** {@code commissure bench …}. */
@Command(
        name = "bench",
        description = "What this machine can do.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BenchBrainLm.class},
        footer = {"", "Example:", "  commissure bench brainlm --threads 2 --sizes small,mid"})
final class BenchCommand {}
