package org.commissure.site.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.modelfile.ConfigurationFile;
import org.commissure.models.modelfile.MalformedConfigurationException;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.weights.WeightImport;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What lies in a model's files. */
@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        description = {
            "Show a model's variant, shapes, tensors, parameter count and digest, without loading it into an engine.",
            "A file without a config.json beside it is described by its tensors alone."
        },
        footer = {
            "",
            "Examples:",
            "  commissure site model info brainlm",
            "  commissure site model info pytorch_model.bin --json"
        })
final class ModelInfoCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE|FOLDER", description = "a model folder, .safetensors, or PyTorch's .bin|.pt|.pth")
    @SuppressWarnings("NullAway.Init") // required
    private Path model;

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        Path weights = ModelFolder.weightsOf(model);
        Map<String, List<Integer>> shapes = shapes(weights);
        @Nullable ModelConfiguration configuration = configuration(ModelFolder.configurationOf(model));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("file", weights.toString());
        facts.put("sha256", FileDigest.sha256(weights));
        if (weights.toString().endsWith(".safetensors")) {
            facts.put("parametersSha256", FileDigest.parametersSha256(weights));
        }
        facts.put(
                "values",
                shapes.values().stream().mapToLong(ModelInfoCommand::values).sum());
        if (configuration != null) {
            facts.put("model", ModelFacts.of(configuration));
        }
        facts.put("tensors", ModelFacts.tensors(shapes));
        output.print(facts, lines -> print(lines, facts, configuration, shapes));
        return 0;
    }

    private static void print(
            PrintWriter print,
            Map<String, Object> facts,
            @Nullable ModelConfiguration configuration,
            Map<String, List<Integer>> shapes) {
        print.println(facts.get("file"));
        print.println("  sha256      " + facts.get("sha256"));
        if (facts.containsKey("parametersSha256")) {
            print.println("  parameters  " + facts.get("parametersSha256") + " (SHA-256, as runs and studies name it)");
        }
        print.println("  tensors     " + shapes.size() + ", " + facts.get("values") + " values");
        if (configuration == null) {
            print.println("  model       unknown: no config.json that says all, beside the file");
        } else {
            ModelFacts.of(configuration).forEach((key, value) -> print.printf("  %-11s %s%n", key, value));
        }
        shapes.forEach((name, shape) -> print.println("  " + name + " " + shape));
    }

    private static Map<String, List<Integer>> shapes(Path weights) {
        try {
            return WeightImport.shapes(weights);
        } catch (NoSuchFileException e) {
            throw new UserError(
                    "there is no file " + e.getFile(), "point at a model folder, or at a file with weights", e);
        } catch (IOException e) {
            throw new UserError(
                    "the weights " + weights + " cannot be read: " + e.getMessage(),
                    "restore or download them again",
                    e);
        }
    }

    /** Null if there is none, or one of the original's that does not say where its parcels lie. */
    private static @Nullable ModelConfiguration configuration(Path config) {
        if (!Files.exists(config)) {
            return null;
        }
        try {
            return ConfigurationFile.read(config).configuration();
        } catch (MalformedConfigurationException e) {
            return null;
        } catch (IOException e) {
            throw new UserError("the configuration " + config + " cannot be read", "check the file", e);
        }
    }

    private static long values(List<Integer> shape) {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }
}
