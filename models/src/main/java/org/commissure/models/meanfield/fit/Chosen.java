package org.commissure.models.meanfield.fit;

import org.commissure.models.meanfield.statistics.Cost;

/**
 * A candidate that the validation split preferred, and how it does on the test split, which it was not chosen on.
 *
 * @param test mean over independent sets of repeats
 */
public record Chosen(Candidate candidate, Cost validation, Cost test) {}
