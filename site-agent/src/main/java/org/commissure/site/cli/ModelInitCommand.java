package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.modelfile.ConfigurationFile;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.weights.Safetensors;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Model;
import org.commissure.protocol.study.StudyFile;
import org.commissure.site.compute.ModelShape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The first model of a study. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = {
            "Write the model that a run starts from, as the study's [model] section describes it,",
            "and beside it a config.json, with which 'site model import' reads the models that the run releases.",
            "The same study gives the same bytes on every machine."
        },
        footer = {"", "Example:", "  commissure site model init --study study.toml --out initial.safetensors"})
final class ModelInitCommand implements Callable<Integer> {
    @Option(names = "--study", required = true, paramLabel = "FILE", description = "the study's TOML file")
    @SuppressWarnings("NullAway.Init") // required
    private Path study;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "safetensors file to write")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Option(
            names = "--repetition-time-embedding",
            description = "let every token carry its scan's repetition time. No study describes such a model, so no run"
                    + " accepts it: it is a start for 'site model train --from', after 'site model import'")
    private boolean repetitionTimeEmbedding;

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        StudyFile file = StudyInput.read(study);
        if (file.study().published().isPresent()) {
            throw new UserError(
                    study + " is a study of kind " + file.study().study().kind().orElse("")
                            + ", which starts without a model",
                    "start the run with the study alone: commissure coordinator run start --study FILE");
        }
        if (file.study().finetune().isPresent()) {
            throw new UserError(
                    study + " is a study of kind finetune, which starts from a released model",
                    "start the run with the model that finetune.model_sha256 names: commissure coordinator run start"
                            + " --study FILE --model released.safetensors");
        }
        Model described = file.study().model();
        ModelConfiguration shape = ModelShape.of(file.study());
        float[] parameters = ModelShape.initialParameters(file.study());
        if (repetitionTimeEmbedding) {
            shape = withRepetitionTime(shape);
            parameters = Initialisation.parameters(shape, described.initialisationSeed());
        }
        Path config = configurationOf(out);
        Map<String, String> metadata = Map.of(
                "format", "commissure",
                "preset", described.preset().key(),
                "initialisation_seed", Long.toString(described.initialisationSeed()),
                "study_sha256", HexFormat.of().formatHex(file.sha256()));
        try {
            Safetensors.write(out, shape.layout(), parameters, metadata);
            ConfigurationFile.of(shape).write(config);
        } catch (IOException e) {
            throw new UserError("the model " + out + " cannot be written: " + e.getMessage(), "check the disk", e);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("file", out.toString());
        facts.put("config", config.toString());
        facts.put("preset", described.preset().key());
        facts.put("parameters", parameters.length);
        String line = "wrote " + out + " and " + config + ": "
                + described.preset().key() + ", " + parameters.length + " parameters";
        output.print(facts, lines -> lines.println(line));
        return 0;
    }

    private static ModelConfiguration withRepetitionTime(ModelConfiguration shape) {
        if (shape instanceof BrainLmConfiguration c) {
            return c.withRepetitionTimeEmbedding();
        }
        throw new UserError(
                "a model of preset " + shape.preset() + " has no embedding of the repetition time",
                "leave --repetition-time-embedding away, or choose a commissure preset in the study's [model] section");
    }

    /** Named after the model, so that models of several studies can lie in one folder. */
    private static Path configurationOf(Path model) {
        String name = model.getFileName().toString();
        return model.resolveSibling(name.replaceFirst("\\.safetensors$", "") + "." + ModelFolder.CONFIGURATION);
    }
}
