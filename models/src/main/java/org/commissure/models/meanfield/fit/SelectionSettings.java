package org.commissure.models.meanfield.fit;

import org.commissure.models.meanfield.scoring.ScoringSettings;

/**
 * How candidates are validated and tested.
 *
 * @param validationRepeats noise realisations that are averaged on the validation split
 * @param kept best candidates that reach the test split
 * @param alike a candidate whose w, I and σ all correlate above this with a better one's is passed over
 * @param testRepeats noise realisations that are averaged for one test cost
 * @param testSets test costs that are averaged
 * @param connectivityAlone candidates are validated by their FC cost, for fits that do not look at the dynamics
 */
public record SelectionSettings(
        ScoringSettings scoring,
        int validationRepeats,
        int kept,
        double alike,
        int testRepeats,
        int testSets,
        boolean connectivityAlone) {
    /** Kong et al. 2021. */
    public static final SelectionSettings KONG_2021 =
            new SelectionSettings(ScoringSettings.KONG_2021, 20, 10, 0.98, 10, 1_000, false);

    public SelectionSettings {
        if (validationRepeats < 1 || kept < 1 || testRepeats < 1 || testSets < 1) {
            throw new IllegalArgumentException("validation and test need at least one repeat, set and candidate");
        }
    }
}
