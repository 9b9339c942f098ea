package org.commissure.site.cli;

import java.nio.file.Path;
import org.commissure.models.multisite.ProgressListener;
import org.commissure.site.science.ScoreReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a finished comparison goes, and how it is begun. */
final class ScoreReportOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "new folder to write: table.json, table.html with a plot, table.svg")
    private @Nullable Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "decides everything random, intervals too (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(
            names = "--quick",
            description =
                    "a tenth of the steps, to see that it runs; its scores say nothing. A --steps that is given stays")
    private boolean quick;

    long seed() {
        return seed;
    }

    /** @param given by the user, or null */
    int steps(@Nullable Integer given, int usual) {
        return given != null ? given : quick ? Math.max(1, usual / 10) : usual;
    }

    /** Before the work begins. @throws org.commissure.protocol.UserError if the folder exists */
    void check() {
        if (out != null) {
            ScoreReport.requireNew(out);
        }
    }

    /** Lines on the error stream, so that the result can be piped. */
    ProgressListener progress(FactsOption facts) {
        ProgressLines lines = new ProgressLines(Output.errors(command));
        return facts.asJson() ? (stage, done, all) -> {} : lines::at;
    }

    void finish(ScoreReport report, FactsOption facts) {
        if (out != null) {
            report.write(out);
        }
        facts.print(report.facts(), lines -> {
            report.lines().forEach(lines::println);
            if (out != null) {
                lines.println("wrote " + out);
            }
        });
    }
}
