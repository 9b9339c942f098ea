package org.commissure.site.cli;

import java.nio.file.Path;
import java.util.List;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.training.ScanException;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.PooledCohort;
import picocli.CommandLine.Option;

/** Which patients a command reads. */
final class PooledCohortOptions {
    @Option(
            names = "--cohort",
            required = true,
            paramLabel = "DIR",
            description = "folder with participants.tsv and sub-*/func/*_timeseries.npy, or a folder of such folders"
                    + " named site-*; give it several times to pool cohorts")
    private List<Path> folders = List.of();

    @Option(
            names = "--series-atlas",
            paramLabel = "LABEL",
            description = "atlas-LABEL to prefer where a folder holds several (default: ${DEFAULT-VALUE})")
    private String atlas = CohortRules.DEFAULT_ATLAS;

    @Option(
            names = "--series-description",
            paramLabel = "LABEL",
            description = "desc-LABEL to prefer where a folder holds several (default: ${DEFAULT-VALUE})")
    private String description = CohortRules.DEFAULT_DESCRIPTION;

    /** @param minimumFrames 0 stands for the model's window */
    PooledCohort read(ModelConfiguration configuration, int minimumFrames) {
        int frames = minimumFrames == 0 ? configuration.windowFrames() : minimumFrames;
        if (frames < 1) {
            throw new UserError("--minimum-frames is " + minimumFrames, "give a number of frames");
        }
        return PooledCohort.read(folders, new CohortRules(configuration.parcels(), frames, atlas, description));
    }

    /** A scan that was admitted cannot be used after all. */
    static UserError damaged(ScanException e) {
        return new UserError(
                e.getMessage()
                        + (e.getCause() == null ? "" : " (" + e.getCause().getMessage() + ")"),
                "run 'commissure cohort check' on the cohorts; scans are counted in the order in which it lists the"
                        + " admitted",
                e);
    }
}
