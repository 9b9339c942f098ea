package org.commissure.site.cli;

import picocli.CommandLine.Command;

/** {@code commissure site regional …}. */
@Command(
        name = "regional",
        description = {
            "Regional mean-field models: each cortical region has its own recurrent strength w, external input I and noise"
                    + " sigma, and one global coupling G scales the structural connectome between them.",
            "A parameter file has a column for each candidate and rows w, I, G, sigma (3 × regions + 1), as .csv, .tsv,"
                    + " .npy, or our .json. Matrices have no header; their regions are in one order."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RegionalSimulateCommand.class,
            RegionalScoreCommand.class,
            RegionalFitCommand.class,
            RegionalFitIndividualsCommand.class,
            RegionalFitTaskCommand.class,
            RegionalHierarchyCommand.class,
            RegionalStudyCommand.class
        },
        footer = {
            "",
            "How well candidates explain a cohort's connectivity:",
            "  commissure site regional score --params top10.csv --sc sc.csv --fc fc.csv --fcd-cdf fcd_cdf.csv --repeats 10 --seed 1"
        })
final class RegionalCommand {}
