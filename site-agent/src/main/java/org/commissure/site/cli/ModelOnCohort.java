package org.commissure.site.cli;

import java.nio.file.Path;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.site.cohort.PooledCohort;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A model that exists, the patients whom a command shows it, and what it computes on. */
final class ModelOnCohort {
    @Mixin
    private PooledCohortOptions cohorts = new PooledCohortOptions();

    @Mixin
    private EngineOptions engines = new EngineOptions();

    @Option(
            names = "--model",
            required = true,
            paramLabel = "FOLDER",
            description = "a model folder, or its .safetensors file")
    private Path model = Path.of("");

    Path folder() {
        return model;
    }

    ModelFolder.Contents contents() {
        return ModelInput.read(model);
    }

    /** @param minimumFrames 0 stands for the model's window */
    PooledCohort cohort(ModelConfiguration configuration, int minimumFrames) {
        return cohorts.read(configuration, minimumFrames);
    }

    /** An engine with the model's parameters; close it in the end. */
    TrainableModel open(ModelFolder.Contents contents) {
        TrainableModel engine = engines.open(contents.configuration());
        engine.loadParameters(contents.parameters());
        return engine;
    }
}
