package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.OnnxPasses;
import org.commissure.models.finetune.OnnxPrediction;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.onnx.OnnxGraph;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/** Writes a part of a model as an ONNX file. */
final class OnnxExport {
    private static final String HEAD = "head.safetensors";

    private OnnxExport() {}

    /** Which pass. The names are those of the command line. */
    @SuppressWarnings("MemberName")
    enum Part {
        encoder,
        reconstruction,
        prediction
    }

    /** @return facts of the file */
    static Map<String, Object> write(Path folder, @Nullable Part asked, Path out) {
        ModelFolder.Contents model = ModelInput.read(folder);
        boolean tuned = Files.exists(folder.resolve(HEAD));
        Part part = asked != null ? asked : tuned ? Part.prediction : Part.encoder;
        if (part == Part.prediction && !tuned) {
            throw new UserError(
                    folder + " has no head", "name a folder that 'site model finetune' or 'site model assemble' wrote");
        }
        Map<String, String> metadata = new TreeMap<>(model.metadata());
        metadata.put("parameters_sha256", FileDigest.parametersSha256(ModelFolder.weightsOf(folder)));
        metadata.put("part", part.name());
        try {
            graph(folder, model, part)
                    .write(out, "Windows are z-scored by parcel. Research use, not for clinical decisions.", metadata);
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "the model cannot be written as ONNX: " + e.getMessage(), "export it as .safetensors", e);
        } catch (IOException e) {
            throw new UserError("the model " + out + " cannot be written: " + e.getMessage(), "check the disk", e);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("file", out.toString());
        facts.put("part", part.name());
        facts.put("sha256", FileDigest.sha256(out));
        facts.put("parametersSha256", metadata.get("parameters_sha256"));
        return facts;
    }

    private static OnnxGraph graph(Path folder, ModelFolder.Contents model, Part part) throws IOException {
        if (part == Part.prediction) {
            return OnnxPrediction.of(folder);
        }
        ModelConfiguration c = model.configuration();
        OnnxGraph graph = new OnnxGraph(part.name());
        OnnxPasses passes = OnnxPasses.of(graph, c, model.parameters());
        if (part == Part.encoder) {
            OnnxPasses.Pooled pooled = passes.embeddings();
            graph.output("cls", pooled.cls(), "batch", passes.width());
            graph.output("mean", pooled.mean(), "batch", passes.width());
        } else {
            graph.output("predicted", passes.reconstruction(), "batch", "masked", passes.patchFrames());
        }
        return graph;
    }
}
