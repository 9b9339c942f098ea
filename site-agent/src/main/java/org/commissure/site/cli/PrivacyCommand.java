package org.commissure.site.cli;

import picocli.CommandLine.Command;

/** {@code commissure privacy …}. */
@Command(
        name = "privacy",
        description = "What training costs a patient's privacy, what fits a budget, and what an attack measured.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {EpsilonCommand.class, PrivacyPlanCommand.class, PrivacyAuditCommand.class},
        footer = {
            "",
            "Example:",
            "  commissure privacy epsilon --sampling-rate 0.05 --noise-multiplier 1.2 --steps 1000 --delta 1e-5"
        })
final class PrivacyCommand {}
