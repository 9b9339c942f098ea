package org.commissure.site.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.finetune.FineTunedModel;
import org.commissure.models.finetune.Task;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.training.EvenWindows;
import org.commissure.models.training.Scan;
import org.commissure.models.training.ScanException;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.Subject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a head says of each patient. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description = {
            "Write what a fine-tuned model says of each patient: the number, or the probability of each class.",
            "The folder is one that 'site model finetune' or 'site model assemble' wrote. The table names patients and"
                    + " stays in the hospital. Research use, not for clinical decisions."
        },
        footer = {
            "",
            "Example:",
            "  commissure site model predict --model tuned --cohort site-NYU --out predictions.tsv"
        })
final class PredictCommand implements Callable<Integer> {
    private static final int USUAL_WINDOWS = 4;

    @Mixin
    private ModelOnCohort subject = new ModelOnCohort();

    @Option(
            names = "--windows",
            paramLabel = "N",
            description = "windows a scan at most, side by side (default: as the model was trained, else 4)")
    private int windows;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "tab-separated table to write")
    private Path out = Path.of("");

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        ModelFolder.Contents contents = subject.contents();
        int most = windows > 0
                ? windows
                : Integer.parseInt(contents.metadata().getOrDefault("windows_per_scan", "" + USUAL_WINDOWS));
        List<Subject> subjects = subject.cohort(contents.configuration(), 0).subjects();
        String table;
        try (TrainableModel engine = subject.open(contents);
                FineTunedModel tuned = FineTunedModel.load(subject.folder(), configuration -> engine)) {
            table = table(contents, tuned, subjects, most);
        } catch (ScanException e) {
            throw PooledCohortOptions.damaged(e);
        } catch (IOException e) {
            throw new UserError(
                    subject.folder() + " has no head that can be read: " + e.getMessage(),
                    "name a folder that 'site model finetune' or 'site model assemble' wrote",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("predicting was stopped", "start it again", e);
        }
        try {
            Files.writeString(out, table, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserError("cannot write " + out, "check the path, its permissions and free space", e);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("out", out.toString());
        facts.put("patients", subjects.size());
        facts.put("target", contents.metadata().getOrDefault("target", "target"));
        facts.put("windows", most);
        output.print(facts, lines -> lines.println("wrote " + out + ": " + subjects.size() + " patients"));
        return 0;
    }

    private static String table(
            ModelFolder.Contents contents, FineTunedModel tuned, List<Subject> subjects, int windows)
            throws ScanException, InterruptedException {
        String target = contents.metadata().getOrDefault("target", "target");
        StringBuilder table = new StringBuilder("participant_id");
        if (tuned.settings().task() == Task.REGRESSION) {
            table.append('\t').append(target);
        } else {
            for (String name : contents.metadata().getOrDefault("classes", "").split("\t", -1)) {
                table.append('\t').append(target).append('=').append(name);
            }
        }
        table.append('\n');
        for (int i = 0; i < subjects.size(); i++) {
            Scan scan = subjects.get(i).scan();
            table.append(subjects.get(i).participantId());
            for (double value : tuned.predict(
                    EvenWindows.ofPatient(contents.configuration(), i, scan, windows), scan.repetitionTimeSeconds())) {
                table.append('\t').append(value);
            }
            table.append('\n');
        }
        return table.toString();
    }
}
