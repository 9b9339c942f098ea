package org.commissure.site.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.models.modelfile.ConfigurationFile;
import org.commissure.models.modelfile.MalformedConfigurationException;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.pickle.RefusedPickleException;
import org.commissure.models.weights.TensorMismatchException;
import org.commissure.models.weights.WeightImport;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Weights of another writer become a model folder. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Turn downloaded weights into a model folder: model.safetensors and config.json.",
            "Reads safetensors, and PyTorch's zip + pickle without running anything in it: whatever is not on a short"
                    + " list of harmless opcodes is refused by name. Tensors are matched by name; every missing, extra"
                    + " or misshaped one is listed.",
            "Published BrainLM weights are under CC BY-NC-ND: you download them, none are shipped."
        },
        footer = {
            "",
            "Example:",
            "  commissure site model import pytorch_model.bin --config config.json --coordinates A424.tsv --out brainlm",
            "",
            "The original's config.json does not say where its parcels lie, so pass --coordinates: a table with index,"
                    + " x, y, z (columns brainlm_x, brainlm_y, brainlm_z are preferred), or a .npy file [parcels, 3]."
        })
final class ModelImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FROM", description = ".safetensors, or .bin|.pt|.pth of PyTorch")
    @SuppressWarnings("NullAway.Init") // required
    private Path from;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "the model's config.json")
    @SuppressWarnings("NullAway.Init") // required
    private Path config;

    @Option(
            names = "--coordinates",
            paramLabel = "FILE",
            description = "where the parcels lie, in millimetres, if config.json does not say")
    private @Nullable Path coordinates;

    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "model folder to write")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        CoordinatesInput where = coordinates == null ? null : CoordinatesInput.read(coordinates);
        ConfigurationFile configuration = configuration(where);
        WeightImport.Imported imported = weights(configuration);
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("imported_sha256", FileDigest.sha256(from));
        try {
            ModelFolder.write(out, configuration, imported.parameters(), metadata);
        } catch (IOException e) {
            throw new UserError("the model " + out + " cannot be written: " + e.getMessage(), "check the disk", e);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("from", from.toString());
        facts.put("folder", out.toString());
        facts.put("imported_sha256", metadata.get("imported_sha256"));
        facts.put("ignored_buffers", imported.ignoredBuffers());
        facts.put("removed_prefix", imported.removedPrefix());
        facts.put("coordinates", where == null ? "config.json" : where.columns());
        facts.put("model", ModelFacts.of(configuration.configuration()));
        output.print(facts, lines -> print(lines, facts, imported));
        return 0;
    }

    private void print(PrintWriter print, Map<String, Object> facts, WeightImport.Imported imported) {
        print.println("imported " + from + " into " + out + ": " + imported.parameters().length + " parameters");
        print.println("  coordinates from " + facts.get("coordinates"));
        if (!imported.removedPrefix().isEmpty()) {
            print.println("  removed the prefix " + imported.removedPrefix());
        }
        imported.ignoredBuffers().forEach(name -> print.println("  ignored " + name + ", which is computed"));
    }

    private ConfigurationFile configuration(@Nullable CoordinatesInput where) {
        try {
            return where == null
                    ? ConfigurationFile.read(config)
                    : ConfigurationFile.read(config, where.coordinatesMillimetres());
        } catch (MalformedConfigurationException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    where == null
                            ? "use the config.json that came with the weights; if it lacks coordinates, pass"
                                    + " --coordinates"
                            : "use the config.json that came with the weights and the coordinates of its atlas",
                    e);
        } catch (IOException e) {
            throw new UserError("the configuration " + config + " cannot be read", "check the path", e);
        }
    }

    private WeightImport.Imported weights(ConfigurationFile configuration) {
        try {
            return WeightImport.read(from, configuration.configuration().layout());
        } catch (NoSuchFileException e) {
            throw new UserError("there is no file " + from, "check the path", e);
        } catch (TensorMismatchException e) {
            throw new UserError(
                    from + " " + e.getMessage(), "use the weights and the config.json of the same checkpoint", e);
        } catch (RefusedPickleException e) {
            throw new UserError(
                    from + " is refused: " + e.getMessage(),
                    "a state dict needs nothing of the kind: do not load this file anywhere, and ask where it came from",
                    e);
        } catch (IOException e) {
            throw new UserError(
                    from + " cannot be imported: " + e.getMessage(),
                    "download it again, or save it as safetensors where it came from",
                    e);
        }
    }
}
