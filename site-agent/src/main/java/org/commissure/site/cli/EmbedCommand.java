package org.commissure.site.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.models.brainlm.Embedding;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.npy.NpyWriter;
import org.commissure.models.training.EvenWindows;
import org.commissure.models.training.Scan;
import org.commissure.models.training.ScanException;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.PooledCohort;
import org.commissure.site.cohort.Subject;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the encoder makes of each patient. */
@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        description = {
            "Write one row of numbers per patient: the encoder's output, averaged over the patient's windows.",
            "A .npy file holds [patients, width] as float32, and a .tsv file beside it names the rows; a .tsv file"
                    + " holds the ids and the numbers. Both stay in the hospital: a row belongs to a patient."
        },
        footer = {
            "",
            "Example:",
            "  commissure site model embed --model pretrained --cohort site-NYU --out embeddings.npy --pool mean"
        })
final class EmbedCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private PooledCohortOptions cohorts = new PooledCohortOptions();

    @Mixin
    private EngineOptions engines = new EngineOptions();

    @Option(names = "--model", required = true, paramLabel = "FOLDER", description = "the model to embed with")
    private Path model = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "file to write, .npy or .tsv")
    private Path out = Path.of("");

    @Option(
            names = "--pool",
            paramLabel = "P",
            description = "cls: the CLS token's row; mean: the mean of all others (default: ${DEFAULT-VALUE})")
    private String pool = "cls";

    @Option(
            names = "--windows",
            paramLabel = "N",
            description = "windows a patient at most, side by side (default: ${DEFAULT-VALUE})")
    private int windows = 4;

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    @Override
    public Integer call() {
        boolean npy = out.toString().endsWith(".npy");
        if ((!npy && !out.toString().endsWith(".tsv")) || windows < 1) {
            throw new UserError(
                    "cannot write " + windows + " windows a patient to " + out,
                    "name a file that ends in .npy or .tsv after --out, and at least one window");
        }
        Pooling pooling = pooling();
        ModelFolder.Contents contents = ModelInput.read(model);
        List<Subject> subjects = cohorts.read(contents.configuration(), 0).subjects();
        float[][] rows = rows(contents, PooledCohort.scans(subjects), pooling);
        try {
            if (npy) {
                NpyWriter.write(out, flat(rows), rows.length, rows[0].length);
                Files.writeString(beside(), table(subjects, new float[rows.length][0]), StandardCharsets.UTF_8);
            } else {
                Files.writeString(out, table(subjects, rows), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UserError("cannot write " + out, "check the path, its permissions and free space", e);
        }
        print(rows);
        return 0;
    }

    private Pooling pooling() {
        return switch (pool.toLowerCase(Locale.ROOT)) {
            case "cls" -> Pooling.CLS;
            case "mean" -> Pooling.MEAN;
            default -> throw new UserError("--pool is '" + pool + "'", "choose cls or mean");
        };
    }

    private float[][] rows(ModelFolder.Contents contents, List<Scan> scans, Pooling pooling) {
        float[][] rows = new float[scans.size()][];
        try (TrainableModel engine = engines.open(contents.configuration())) {
            engine.loadParameters(contents.parameters());
            for (int i = 0; i < rows.length; i++) {
                List<float[]> cut = EvenWindows.of(contents.configuration(), i, scans.get(i), windows);
                for (float[] window : cut) {
                    Embedding embedding = engine.embed(window, scans.get(i).repetitionTimeSeconds());
                    float[] row = pooling == Pooling.CLS ? embedding.cls() : embedding.mean();
                    rows[i] = rows[i] == null ? new float[row.length] : rows[i];
                    for (int j = 0; j < row.length; j++) {
                        rows[i][j] += row[j] / cut.size();
                    }
                }
            }
        } catch (ScanException e) {
            throw PooledCohortOptions.damaged(e);
        } catch (InterruptedException e) {
            throw new UserError("embedding was stopped", "start it again", e);
        }
        return rows;
    }

    /** {@code embeddings.participants.tsv} for {@code embeddings.npy}. */
    private Path beside() {
        String name = out.getFileName().toString();
        return out.resolveSibling(name.substring(0, name.length() - ".npy".length()) + ".participants.tsv");
    }

    private static String table(List<Subject> subjects, float[][] rows) {
        StringBuilder table = new StringBuilder("participant_id");
        for (int j = 0; j < rows[0].length; j++) {
            table.append("\te").append(j);
        }
        table.append('\n');
        for (int i = 0; i < rows.length; i++) {
            table.append(subjects.get(i).participantId());
            for (float value : rows[i]) {
                table.append('\t').append(value);
            }
            table.append('\n');
        }
        return table.toString();
    }

    private static float[] flat(float[][] rows) {
        float[] flat = new float[Math.multiplyExact(rows.length, rows[0].length)];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * rows[0].length, rows[0].length);
        }
        return flat;
    }

    private void print(float[][] rows) {
        PrintWriter print = Output.of(spec);
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("out", out.toString());
            facts.put("patients", rows.length);
            facts.put("width", rows[0].length);
            facts.put("pool", pool.toLowerCase(Locale.ROOT));
            Output.json(print, facts);
        } else {
            print.println("wrote " + out + ": " + rows.length + " patients × " + rows[0].length + " numbers");
            print.flush();
        }
    }
}
