package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.models.modelfile.ConfigurationFile;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.weights.Safetensors;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A model folder becomes files that others read. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Write a model as one safetensors file under the original's tensor names, with its config.json beside it.",
            "PyTorch's and Hugging Face's readers take it as it is.",
            "A file that ends in .onnx is written as ONNX (opset 17) instead, of --part: the encoder (cls and mean of windows"
                    + " z-scored by parcel), the reconstruction of masked tokens, or the prediction of a fine-tuned"
                    + " model's head from all windows of a patient. BrainLM's token models are written, others are refused"
                    + " with the reason."
        },
        footer = {
            "",
            "Examples:",
            "  commissure site model export brainlm --out /tmp/brainlm/model.safetensors",
            "  commissure site model export tuned --part prediction --out tuned.onnx"
        })
final class ModelExportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER", description = "a model folder, or its .safetensors file")
    @SuppressWarnings("NullAway.Init") // required
    private Path folder;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = ".safetensors or .onnx file to write")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Option(
            names = "--part",
            paramLabel = "P",
            description = "of an ONNX file: ${COMPLETION-CANDIDATES} (default: prediction where there is a head, else"
                    + " encoder)")
    private OnnxExport.@Nullable Part part;

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        if (out.toString().endsWith(".onnx")) {
            Map<String, Object> facts = OnnxExport.write(folder, part, out);
            output.print(facts, lines -> lines.println("wrote " + out + ": " + facts.get("part")));
            return 0;
        }
        if (part != null) {
            throw new UserError("--part is of an ONNX file", "name a file that ends in .onnx after --out");
        }
        ModelFolder.Contents model = ModelInput.read(folder);
        Path config = out.resolveSibling(ModelFolder.CONFIGURATION);
        Map<String, String> metadata = new TreeMap<>(model.metadata());
        metadata.put("format", "pt"); // transformers refuses files whose writer it does not know
        try {
            ConfigurationFile configuration = ConfigurationFile.read(ModelFolder.configurationOf(folder));
            refuseToReplaceAnother(config, configuration);
            Files.createDirectories(out.toAbsolutePath().getParent());
            Safetensors.write(out, model.configuration().layout(), model.parameters(), metadata);
            configuration.write(config);
        } catch (IOException e) {
            throw new UserError("the model " + out + " cannot be written: " + e.getMessage(), "check the disk", e);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("file", out.toString());
        facts.put("config", config.toString());
        facts.put("sha256", FileDigest.sha256(out));
        facts.put("parameters", model.parameters().length);
        output.print(
                facts,
                lines -> lines.println(
                        "wrote " + out + " and " + config + ": " + model.parameters().length + " parameters"));
        return 0;
    }

    private static void refuseToReplaceAnother(Path config, ConfigurationFile configuration) {
        if (!Files.exists(config)) {
            return;
        }
        boolean same;
        try {
            same = ConfigurationFile.read(config).configuration().equals(configuration.configuration());
        } catch (IOException e) {
            same = false;
        }
        if (!same) {
            throw new UserError(
                    config + " is there already and describes another model", "choose --out in another folder");
        }
    }
}
