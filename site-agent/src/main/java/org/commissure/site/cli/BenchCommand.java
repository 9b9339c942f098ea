package org.commissure.site.cli;

import picocli.CommandLine.Command;

/** {@code commissure bench …}. */
@Command(
        name = "bench",
        description = "What this machine can do.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BenchBrainLm.class, BenchPrivacy.class, BenchRegional.class, BenchSecagg.class},
        footer = {
            "",
            "Examples:",
            "  commissure bench brainlm --threads 2 --sizes small,mid",
            "  commissure bench regional --threads 2",
            "  commissure bench secagg --peers 5,32",
            "",
            "'commissure bench round' measures a whole federation on this machine; see its --help."
        })
final class BenchCommand {}
