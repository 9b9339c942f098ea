package org.commissure.models.weights;

/**
 * Turns a gradient into a step on the flat parameter vector. Keeps its own state between steps; not thread-safe.
 */
public sealed interface Optimiser permits Adam {

    /**
     * One descent step, in place.
     *
     * @param gradient as long as {@code parameters}; not modified
     * @throws IllegalArgumentException if a length differs from the optimiser's
     */
    void step(float[] parameters, float[] gradient);
}
