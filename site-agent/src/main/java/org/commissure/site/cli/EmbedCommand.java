package org.commissure.site.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.finetune.PatientEmbedding;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.npy.NpyWriter;
import org.commissure.models.training.EvenWindows;
import org.commissure.models.training.Scan;
import org.commissure.models.training.ScanException;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.PooledCohort;
import org.commissure.site.cohort.Subject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
    @Mixin
    private ModelOnCohort subject = new ModelOnCohort();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "file to write, .npy or .tsv")
    private Path out = Path.of("");

    @Mixin
    private PoolingOption pooling = new PoolingOption();

    @Option(
            names = "--windows",
            paramLabel = "N",
            description = "windows a scan at most, side by side (default: ${DEFAULT-VALUE})")
    private int windows = 4;

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        boolean npy = out.toString().endsWith(".npy");
        if ((!npy && !out.toString().endsWith(".tsv")) || windows < 1) {
            throw new UserError(
                    "cannot write " + windows + " windows a patient to " + out,
                    "name a file that ends in .npy or .tsv after --out, and at least one window");
        }
        Pooling pool = pooling.chosen();
        ModelFolder.Contents contents = subject.contents();
        List<Subject> subjects = subject.cohort(contents.configuration(), 0).subjects();
        float[][] rows = rows(contents, PooledCohort.scans(subjects), pool);
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
        print(rows, pool);
        return 0;
    }

    private float[][] rows(ModelFolder.Contents contents, List<Scan> scans, Pooling pool) {
        float[][] rows = new float[scans.size()][];
        try (TrainableModel engine = subject.open(contents)) {
            for (int i = 0; i < rows.length; i++) {
                List<float[]> cut = EvenWindows.ofPatient(contents.configuration(), i, scans.get(i), windows);
                double[] row =
                        PatientEmbedding.of(engine, pool, cut, scans.get(i).repetitionTimeSeconds());
                rows[i] = new float[row.length];
                for (int j = 0; j < row.length; j++) {
                    rows[i][j] = (float) row[j];
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

    private void print(float[][] rows, Pooling pool) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("out", out.toString());
        facts.put("patients", rows.length);
        facts.put("width", rows[0].length);
        facts.put("pool", pool.name().toLowerCase(Locale.ROOT));
        output.print(
                facts,
                lines -> lines.println(
                        "wrote " + out + ": " + rows.length + " patients × " + rows[0].length + " numbers"));
    }
}
