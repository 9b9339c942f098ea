package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.models.durable.AtomicFile;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.CohortCheck;
import org.commissure.site.cohort.CohortRules;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says who takes part and who does not. */
@Command(
        name = "check",
        description = {
            "Say of every participant of a folder whether it takes part, and if not, why and what to do.",
            "DIR holds participants.tsv and, below sub-*/ or loose, series as .npy ([parcels, time]); .tsv, .csv or"
                    + " .1D (a line for each frame); .mat of DPABI or CONN; .h5; .ptseries.nii; and with --atlas-volume"
                    + " *_bold.nii[.gz] and .dtseries.nii. Formats may be mixed.",
            "It may also be a folder of such folders named site-*. Nothing leaves the hospital."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:at least one participant is admitted", "1:nobody is admitted", "3:the folder cannot be read"
        },
        footer = {
            "",
            "Examples:",
            "  commissure cohort check /data/site-NYU",
            "  commissure cohort check /data --minimum-frames 160 --json",
            "  commissure cohort check /data/fmriprep --atlas-volume CC200_dseg.nii.gz --maximum-mean-fd 0.3"
                    + " --numeric age --report checked"
        },
        mixinStandardHelpOptions = true)
final class CohortCheckCommand implements Callable<Integer> {
    @Mixin
    private AdmissionOptions options = new AdmissionOptions();

    @Mixin
    private FactsOption output = new FactsOption();

    @Parameters(paramLabel = "DIR", description = "The cohort's folder.")
    private Path folder = Path.of("");

    @Option(
            names = "--report",
            paramLabel = "FOLDER",
            description = "Also write check.html and check.json there. They name participants: keep them.")
    private @Nullable Path report;

    @Override
    public Integer call() {
        CohortRules rules = options.rules();
        CohortCheck check = CohortCheck.of(folder, rules, options.reading(rules));
        Map<String, Object> facts = check.toJson();
        if (report != null) {
            write(report, "check", check);
        }
        output.print(facts, lines -> lines.println(check.toText()));
        return check.admitted() > 0 ? 0 : 1;
    }

    /** Writes {@code NAME.html} and {@code NAME.json}. */
    static void write(Path folder, String name, CohortCheck check) {
        try {
            Files.createDirectories(folder);
            AtomicFile.write(folder.resolve(name + ".json"), Output.text(check.toJson()) + "\n");
            AtomicFile.write(folder.resolve(name + ".html"), CohortPage.html(check));
        } catch (IOException e) {
            throw new UserError("cannot write the report to " + folder, "check permissions and free space", e);
        }
    }
}
