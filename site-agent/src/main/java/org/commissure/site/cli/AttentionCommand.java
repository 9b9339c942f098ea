package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.models.brainlm.AttentionMaps;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.npy.NpyWriter;
import org.commissure.models.training.Scan;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.PooledCohort;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the encoder looks, on average over a cohort. */
@Command(
        name = "attention",
        mixinStandardHelpOptions = true,
        description = {
            "Average one encoder layer's attention over heads, windows and patients, nothing hidden.",
            "Writes to the folder: cls.npy [tokens], what the CLS token looks at, token = parcel × patches + patch;"
                    + " parcels.npy [parcels, parcels], how much a parcel's tokens look at another's; parcels.svg, the"
                    + " same as a picture. Only averages over patients are written."
        },
        footer = {
            "",
            "Example: the second layer's maps:",
            "  commissure site model attention --model pretrained --cohort site-NYU --layer 1 --out maps"
        })
final class AttentionCommand implements Callable<Integer> {
    @Mixin
    private ModelOnCohort subject = new ModelOnCohort();

    @Option(
            names = "--layer",
            required = true,
            paramLabel = "L",
            description = "encoder layer, 0 is the first, as in the names of its weights")
    private int layer;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder to write to")
    private Path out = Path.of("");

    @Option(
            names = "--windows",
            paramLabel = "N",
            description = "windows a patient at most, side by side (default: ${DEFAULT-VALUE})")
    private int windows = 2;

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        if (windows < 1) {
            throw new UserError("--windows is " + windows, "give at least one");
        }
        ModelFolder.Contents contents = subject.contents();
        ModelConfiguration configuration = contents.configuration();
        List<Scan> scans = PooledCohort.scans(subject.cohort(configuration, 0).subjects());
        AttentionMaps mean = mean(contents, scans);
        int parcels = configuration.parcels();
        try {
            Files.createDirectories(out);
            NpyWriter.write(out.resolve("cls.npy"), mean.cls(), mean.cls().length);
            NpyWriter.write(out.resolve("parcels.npy"), mean.parcels(), parcels, parcels);
            Files.writeString(
                    out.resolve("parcels.svg"),
                    HeatMap.svg(
                            "Attention of layer " + layer + ", parcel × parcel, mean over " + scans.size()
                                    + " patients",
                            mean.parcels(),
                            parcels,
                            parcels));
        } catch (IOException e) {
            throw new UserError("cannot write to " + out, "check the path, its permissions and free space", e);
        }
        print(scans.size(), parcels, mean.cls().length);
        return 0;
    }

    private AttentionMaps mean(ModelFolder.Contents contents, List<Scan> scans) {
        try (TrainableModel engine = subject.open(contents)) {
            return new PatientAttention(engine, layer, windows).mean(scans);
        }
    }

    private void print(int patients, int parcels, int tokens) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("out", out.toString());
        facts.put("layer", layer);
        facts.put("patients", patients);
        facts.put("parcels", parcels);
        facts.put("tokens", tokens);
        output.print(
                facts,
                lines -> lines.println("wrote cls.npy, parcels.npy and parcels.svg to " + out + ": layer " + layer
                        + ", mean over " + patients + " patients"));
    }
}
