package org.commissure.site.cli;

import java.nio.file.Path;
import java.util.List;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.PooledCohort;
import org.commissure.site.science.SimulatedSites;
import picocli.CommandLine.Option;

/** Which folders stand for hospitals. */
final class SimulatedSitesOptions {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "folder with one folder site-NAME for each hospital, each with participants.tsv and series")
    private Path data = Path.of("");

    @Option(
            names = "--sites",
            split = ",",
            paramLabel = "NAME",
            description = "names of the sites, separated by commas (default: all)")
    private List<String> sites = List.of();

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

    SimulatedSites sites() {
        return SimulatedSites.in(data, sites);
    }

    /** @throws UserError if nobody of a site is admitted, or a series lies in two sites */
    PooledCohort admit(SimulatedSites simulated, int parcels, int minimumFrames) {
        return simulated.admit(new CohortRules(parcels, minimumFrames, atlas, description));
    }
}
