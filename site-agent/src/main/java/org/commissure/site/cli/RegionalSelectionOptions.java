package org.commissure.site.cli;

import org.commissure.models.meanfield.fit.SelectionSettings;
import org.commissure.models.meanfield.scoring.ScoringSettings;
import picocli.CommandLine.Option;

/** How much of a fit is validated and tested. */
final class RegionalSelectionOptions {
    private static final double ALIKE = 0.98;
    private static final int TEST_REPEATS = 10;

    @Option(
            names = "--validated",
            paramLabel = "N",
            description =
                    "best generations or iterations of each search that are validated (default: ${DEFAULT-VALUE})")
    private int validated;

    @Option(
            names = "--validation-repeats",
            paramLabel = "N",
            description = "noise realisations averaged in validation (default: ${DEFAULT-VALUE})")
    private int validationRepeats = 20;

    @Option(
            names = "--test-sets",
            paramLabel = "N",
            description = "test costs, each of ten averaged noise realisations, that are averaged (default:"
                    + " ${DEFAULT-VALUE})")
    private int testSets;

    RegionalSelectionOptions(int validated, int testSets) {
        this.validated = validated;
        this.testSets = testSets;
    }

    int validated() {
        return validated;
    }

    /**
     * @param kept candidates at most
     * @throws IllegalArgumentException if an option is out of range
     */
    SelectionSettings settings(ScoringSettings scoring, int kept, boolean connectivityAlone) {
        return new SelectionSettings(
                scoring, validationRepeats, kept, ALIKE, TEST_REPEATS, testSets, connectivityAlone);
    }
}
