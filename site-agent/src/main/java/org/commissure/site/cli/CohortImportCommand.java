package org.commissure.site.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.Admission;
import org.commissure.site.cohort.CohortCheck;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortImport;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.reading.SeriesReading;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A hospital's folder becomes the folder that training reads. */
@Command(
        name = "import",
        description = {
            "Check a folder as 'cohort check' does, and write everybody who is admitted as parcel series in .npy, with a"
                    + " participants.tsv of all the source's columns.",
            "The new folder appears whole or not at all. import.html and import.json in it say who was rejected and why,"
                    + " what was resampled and what was scrubbed; they name participants, and stay in the hospital."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:at least one participant was imported",
            "1:nobody is admitted, and nothing was written",
            "3:the folder cannot be read or written"
        },
        footer = {
            "",
            "Examples:",
            "  commissure site cohort import /data/dpabi --parcels 116 --out /data/cohort",
            "  commissure site cohort import /data/fmriprep --atlas-volume CC200_dseg.nii.gz --scrub 0.5 --out /data/cohort"
        },
        mixinStandardHelpOptions = true)
final class CohortImportCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private AdmissionOptions options = new AdmissionOptions();

    @Mixin
    private FactsOption output = new FactsOption();

    @Parameters(paramLabel = "DIR", description = "The folder with participants.tsv and the series.")
    private Path folder = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "New folder to write.")
    private Path out = Path.of("");

    @Option(
            names = "--scrub",
            paramLabel = "MM",
            description = "Replace frames that moved more (framewise displacement in fMRIPrep's confounds) by the line"
                    + " between their neighbours. Who has no such table is rejected.")
    private @Nullable Double scrub;

    @Override
    public Integer call() {
        if (scrub != null && !(scrub > 0)) {
            throw new UserError("--scrub is " + scrub, "give a displacement in millimetres, for example 0.5");
        }
        CohortRules rules = options.rules();
        SeriesReading reading = options.reading(rules);
        Admission admission = CohortFolder.read(folder, rules, reading);
        long start = System.nanoTime();
        PrintWriter progress = Output.errors(spec);
        Admission imported = new CohortImport(
                        admission,
                        reading,
                        options.atlasLabel(),
                        scrub == null ? OptionalDouble.empty() : OptionalDouble.of(scrub))
                .write(
                        out,
                        (id, done) ->
                                report(progress, done, admission.admitted().size(), start));
        CohortCheck check = new CohortCheck(folder, rules, false, List.of(imported));
        boolean any = check.admitted() > 0;
        if (any) {
            CohortCheckCommand.write(out, "import", check);
        }
        Map<String, Object> facts = new LinkedHashMap<>(check.toJson());
        facts.put("out", any ? out.toString() : "");
        output.print(facts, lines -> {
            lines.println(check.toText());
            lines.println(any ? "wrote " + out + "; check it with 'commissure cohort check'" : "wrote nothing");
        });
        return any ? 0 : 1;
    }

    private static void report(PrintWriter progress, int done, int of, long start) {
        if (done % 20 == 0 && done > 0 && done < of) {
            Duration left = Duration.ofNanos((System.nanoTime() - start) / done * (of - done));
            progress.println("imported " + done + " of " + of + ", " + left.toSeconds() + " s left");
            progress.flush();
        }
    }
}
