package org.commissure.deploy.quickstart;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What `deploy/quickstart.sh` may be told. */
final class Options {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "a folder with one cohort per site, named site-NAME (default: ../shared/data/abide1 beside"
                    + " the checkout where it exists, else a synthetic cohort is generated)")
    @Nullable
    Path data;

    @Option(
            names = "--sites",
            split = ",",
            paramLabel = "A,B,C,D",
            description = "the sites that take part, four or more so that one may fall out (default: NYU,UM1,PITT,YALE"
                    + " where the data has them, else the first four)")
    List<String> sites = List.of();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "federated rounds, 5 or more (default: ${DEFAULT-VALUE})")
    int rounds = 6;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "the run folder; must be new or empty (default: run-<time> in the current folder)")
    @Nullable
    Path out;

    @Option(
            names = "--study",
            paramLabel = "FILE",
            description = "a study file of your own instead of the built-in one")
    @Nullable
    Path study;

    @Option(
            names = "--keep",
            description = "when the run is over, leave coordinator, sites and console running until Ctrl-C")
    boolean keep;
}
