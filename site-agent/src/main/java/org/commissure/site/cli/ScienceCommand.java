package org.commissure.site.cli;

import picocli.CommandLine.Command;

/** {@code commissure science …}. */
@Command(
        name = "science",
        description = {
            "Rerun published comparisons on a data set of several hospitals that lies on this machine, or read what a run"
                    + " fitted.",
            "For the scientist, not for a federation: the sites are simulated in one process, and their patients' data"
                    + " are read by one program. No real federation is contacted and none of its data is pooled."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PaperTableCommand.class, ReconstructionTableCommand.class, CoefficientsCommand.class},
        footer = {
            "",
            "Examples:",
            "  commissure science paper-table --data abide1 --sites NYU,UM1,PITT,YALE --out table",
            "  commissure science reconstruction-table --data abide1 --sites NYU,UM1,YALE --coordinates CC200.tsv"
                    + " --out table",
            "  commissure science coefficients coordinator/runs/abide-age"
        })
final class ScienceCommand {}
