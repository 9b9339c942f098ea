package org.commissure.site.cli;

import java.nio.file.Path;
import java.util.Map;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.Presets;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What training starts from: a model on disk, or a new one of a named size. */
final class StartOptions {
    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description =
                    "size of a new model: commissure-small, commissure-base, brainlm-13m, brainlm-111m, brainlm-650m"
                            + " (default: ${DEFAULT-VALUE})")
    private String preset = Presets.COMMISSURE_SMALL;

    @Option(
            names = "--coordinates",
            paramLabel = "FILE",
            description = "where the parcels of a new model lie: atlas table with the columns index, x, y, z, or .npy"
                    + " [parcels, 3]")
    private @Nullable Path coordinates;

    @Option(
            names = "--window",
            paramLabel = "FRAMES",
            description = "frames a new model reads at once; a multiple of the patch (default: ${DEFAULT-VALUE})")
    private int window = 160;

    @Option(
            names = "--patch",
            paramLabel = "FRAMES",
            description = "frames of one token of a new model; brainlm-111m and -650m have their own (default:"
                    + " ${DEFAULT-VALUE})")
    private int patch = 20;

    @Option(
            names = "--repetition-time-embedding",
            description = "let every token of a new model carry its scan's repetition time, for cohorts of several"
                    + " protocols; commissure presets only")
    private boolean repetitionTimeEmbedding;

    @Option(names = "--from", paramLabel = "FOLDER", description = "train this model on, instead of a new one")
    private @Nullable Path from;

    /**
     * A model read, or a new one.
     *
     * @param seed of a new model's parameters
     */
    ModelFolder.Contents read(long seed) {
        if (from != null) {
            if (repetitionTimeEmbedding) {
                throw new UserError(
                        "--repetition-time-embedding is for a new model",
                        "leave it away: a model after --from says itself whether it embeds the repetition time");
            }
            return ModelInput.read(from);
        }
        if (coordinates == null) {
            throw new UserError(
                    "a new model needs to know where its parcels lie",
                    "give --coordinates a table with the columns index, x, y, z, or --from a model");
        }
        float[][] where = CoordinatesInput.read(coordinates).coordinatesMillimetres();
        try {
            ModelConfiguration configuration = newModel(Presets.named(preset, where, window, patch));
            return new ModelFolder.Contents(
                    configuration, Initialisation.parameters(configuration, seed), Map.of("preset", preset));
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "choose a --preset, a --window that is a multiple of --patch, and --coordinates that fit each other",
                    e);
        }
    }

    private ModelConfiguration newModel(ModelConfiguration named) {
        if (!repetitionTimeEmbedding) {
            return named;
        }
        if (named instanceof BrainLmConfiguration c) {
            return c.withRepetitionTimeEmbedding();
        }
        throw new IllegalArgumentException(preset + " has no embedding of the repetition time");
    }
}
