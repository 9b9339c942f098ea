package org.commissure.models.meanfield.fit;

import java.time.Duration;

/**
 * Where a fit stands.
 *
 * @param stage what is being done, for people: "seed 2 of 5", "validation"
 * @param done of {@code total} generations, iterations or candidates
 * @param best lowest cost of this stage so far: total cost in a search, 1 − correlation in an inversion; not a number
 *     where none may be told
 * @param left estimated time until this stage ends
 */
public record FitProgress(String stage, int done, int total, double best, Duration left) {
    /** The rest takes as long for each unit as what was done since the process started. */
    public static Duration left(long nanosSoFar, int doneNow, int remaining) {
        return Duration.ofNanos(nanosSoFar / Math.max(1, doneNow) * remaining);
    }
}
