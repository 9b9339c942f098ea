package org.commissure.site.cli;

import picocli.CommandLine.Command;

/** {@code commissure site model …}. */
@Command(
        name = "model",
        description = "Make, train, judge and exchange models.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ModelInitCommand.class,
            ModelInfoCommand.class,
            ModelImportCommand.class,
            ModelAssembleCommand.class,
            ModelExportCommand.class,
            ModelGoldenCommand.class,
            TrainCommand.class,
            EvaluateCommand.class,
            EmbedCommand.class,
            AttentionCommand.class,
            FinetuneCommand.class,
            PredictCommand.class,
            NetworksCommand.class,
            AttributeCommand.class,
            FutureCommand.class
        },
        footer = {
            "",
            "Published weights, from their download to a model of this site:",
            "  commissure site model import pytorch_model.bin --config config.json --coordinates A424.tsv --out brainlm",
            "  commissure site model info brainlm"
        })
final class ModelCommand {}
