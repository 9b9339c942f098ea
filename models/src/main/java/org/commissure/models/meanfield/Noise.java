package org.commissure.models.meanfield;

/**
 * Standard normal increments, one for each step (warm-up included) and region; all candidates that are
 * simulated together share them. Implementations are immutable and give the same numbers to every
 * engine. Thread-safe.
 */
public sealed interface Noise permits ExplicitNoise, PhiloxNoise, ZeroNoise {
    /**
     * Writes the increments of {@code steps} steps into {@code into}, [steps, regions] from its start.
     *
     * @param firstStep counted from 0 at the beginning of the warm-up
     */
    void fill(int firstStep, int steps, int regions, float[] into);
}
