package org.commissure.site.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.PooledCohort;

/** What {@code site model train} wrote about itself into a model's metadata. */
final class TrainingRecord {
    private final Path folder;
    private final Map<String, String> metadata;
    private final ModelConfiguration configuration;

    /** @param folder for messages */
    TrainingRecord(Path folder, ModelFolder.Contents contents) {
        this.folder = folder;
        metadata = contents.metadata();
        configuration = contents.configuration();
    }

    /** 1 where nothing is said. */
    long seed() {
        return number("training_seed", Long::valueOf, 1L);
    }

    /** The configuration's where nothing is said. */
    double maskRatio() {
        return number("mask_ratio", Double::valueOf, configuration.maskRatio());
    }

    /**
     * The same patients trained on and held out as in training, of the cohorts that took part.
     *
     * @throws UserError if training held nobody out, or did not say so
     */
    PooledCohort.Division divide(PooledCohort pooled) {
        double share = number("hold_out", Double::valueOf, 0.0);
        if (share == 0) {
            throw new UserError(
                    folder + " does not say that its training held patients out",
                    "train with --hold-out, or do without held-out patients where the command can");
        }
        return pooled.divide(share, seed());
    }

    private <T> T number(String key, Function<String, T> parse, T otherwise) {
        String value = metadata.get(key);
        try {
            return value == null ? otherwise : parse.apply(value);
        } catch (NumberFormatException e) {
            throw new UserError(
                    "the metadata of " + folder + " has " + key + " = '" + value + "', not a number",
                    "export the model again from where it was trained",
                    e);
        }
    }
}
