package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.weights.Safetensors;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.FineTunePlan;
import org.commissure.protocol.study.StudyFile;
import org.commissure.site.compute.LocalWorkException;
import org.commissure.site.finetune.ReleasedFineTuning;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A run of kind finetune becomes a model folder. */
@Command(
        name = "assemble",
        mixinStandardHelpOptions = true,
        description = {
            "Put together what a run of kind finetune released: its vector says how far encoder and head are from where"
                    + " they began, which is the released model and the study.",
            "Writes a model folder with head.safetensors, which 'site model predict', 'attribute', 'evaluate', 'embed',"
                    + " 'attention' and 'export' read.",
            "The vector must have the SHA-256 that the run released (model card, report.json, the log's model.released),"
                    + " and the model the one that the study names."
        },
        footer = {
            "",
            "Example:",
            "  commissure site model assemble --vector runs/tuned/model.safetensors --study runs/tuned/study.toml"
                    + " --released SHA256 --base pretrained/model.safetensors --out tuned"
        })
final class ModelAssembleCommand implements Callable<Integer> {
    @Option(names = "--vector", required = true, paramLabel = "FILE", description = "the run's model.safetensors")
    @SuppressWarnings("NullAway.Init") // required
    private Path vector;

    @Option(names = "--study", required = true, paramLabel = "FILE", description = "the run's study.toml")
    @SuppressWarnings("NullAway.Init") // required
    private Path study;

    @Option(
            names = "--released",
            required = true,
            paramLabel = "SHA256",
            description = "of the vector's parameters, as the run released it")
    private String released = "";

    @Option(
            names = "--base",
            required = true,
            paramLabel = "FILE|FOLDER",
            description = "the model that the run began with")
    @SuppressWarnings("NullAway.Init") // required
    private Path base;

    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "model folder to write")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        StudyFile file = StudyInput.read(study);
        FineTunePlan plan = file.study()
                .finetune()
                .orElseThrow(() -> new UserError(
                        study + " is no study of kind finetune",
                        "name the study.toml of the run that released the vector; a model of another run is read by"
                                + " 'site model import'"));
        Path weights = ModelFolder.weightsOf(base);
        requireHash(vector, released.toLowerCase(Locale.ROOT), "--released says", "download the run's model again");
        requireHash(weights, plan.modelSha256(), "the study names", "name the model that the run began with");
        if (Files.exists(out)) {
            throw new UserError(out + " is there already", "choose another folder after --out");
        }
        Map<String, String> provenance = Map.of(
                "released_sha256", FileDigest.parametersSha256(vector),
                "base_sha256", plan.modelSha256(),
                "study_sha256", HexFormat.of().formatHex(file.sha256()));
        try {
            ReleasedFineTuning.write(file.study(), values(vector), values(weights), out, provenance);
        } catch (LocalWorkException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()), "name the vector and the study.toml of one and the same run", e);
        } catch (IOException e) {
            throw new UserError("the model " + out + " cannot be written: " + e.getMessage(), "check the disk", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("assembling was stopped", "start it again", e);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("folder", out.toString());
        facts.put("parametersSha256", FileDigest.parametersSha256(out.resolve(ModelFolder.WEIGHTS)));
        facts.put("releasedSha256", provenance.get("released_sha256"));
        facts.put("baseSha256", plan.modelSha256());
        facts.put("target", plan.target().column());
        facts.put("classes", plan.target().classes().orElse(List.of()));
        facts.put("trainable", plan.trainable().name().toLowerCase(Locale.ROOT));
        facts.put("model", ModelFacts.of(ModelInput.read(out).configuration()));
        output.print(
                facts,
                lines -> lines.println("wrote " + out + ": "
                        + (plan.trainable() == FineTunePlan.Trainable.ALL ? "the moved" : "the released")
                        + " encoder and the head for " + plan.target().column()));
        return 0;
    }

    private static void requireHash(Path file, String expected, String who, String remedy) {
        String found = FileDigest.parametersSha256(file);
        if (!found.equals(expected)) {
            throw new UserError(
                    "the parameters of " + file + " have the SHA-256 " + found + ", but " + who + " " + expected,
                    remedy);
        }
    }

    private static float[] values(Path file) {
        try {
            return Safetensors.read(file).values();
        } catch (NoSuchFileException e) {
            throw new UserError("there is no file " + file, "check the path", e);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e.getMessage(), "download it again", e);
        }
    }
}
