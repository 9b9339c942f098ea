package org.commissure.site.cli;

import picocli.CommandLine.Command;

/** {@code commissure site regional fit …}. */
@Command(
        name = "fit",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "MODEL",
        description = {
            "Fit a regional model to a cohort's connectivity.",
            "homogeneous: the same w, I and sigma in every region, and G: four numbers, the baseline of the others.",
            "pmfm: w, I and sigma follow cortical maps (myelin, the principal gradient): ten numbers by an evolution"
                    + " strategy on connectivity and its dynamics (Kong et al. 2021).",
            "rmfm: every region has its own w and I: 2 × regions + 2 numbers by Gauss-Newton steps on connectivity"
                    + " (Wang et al. 2019).",
            "All search on the training split, choose on the validation split and report on the test split. The sign of"
                    + " w along the cortex is hardly identified: judge a model by its fit, by sigma and by I."
        },
        subcommands = {RegionalFitHomogeneousCommand.class, RegionalFitPmfmCommand.class, RegionalFitRmfmCommand.class},
        footer = {
            "",
            "Example:",
            "  commissure site regional fit rmfm --data cohort --out rmfm",
            "  commissure site regional fit pmfm --data cohort --out pmfm --budget 1h"
        })
final class RegionalFitCommand {}
