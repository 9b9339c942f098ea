package org.commissure.models.meanfield.fit;

import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.statistics.Cost;

/**
 * A candidate that a search proposes.
 *
 * @param seed of the search
 * @param generation or iteration that found it, from 1
 * @param train its cost on the training split, under the noise of that generation
 */
public record Candidate(RegionalParameters parameters, long seed, int generation, Cost train) {}
