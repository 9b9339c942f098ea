package org.commissure.models.training;

import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.OptimiserState;
import org.commissure.models.weights.ParameterLayout;

/** Turns gradients into steps on a flat parameter vector; its state can be saved. Not thread-safe. */
public sealed interface FlatOptimiser permits FlatAdam, FlatSgd {

    /** Adam, or AdamW where the settings have a decay. */
    static FlatOptimiser adam(ParameterLayout layout, AdamSettings settings) {
        return new FlatAdam(layout, settings);
    }

    /** {@code v ← momentum·v + g, w ← w − rate·v}; momentum 0 is plain gradient descent. */
    static FlatOptimiser sgd(int parameters, double momentum) {
        return new FlatSgd(parameters, momentum);
    }

    /**
     * One descent step, in place.
     *
     * @param gradient as long as {@code parameters}; not modified
     * @param scale the gradient is multiplied by it first
     * @throws IllegalArgumentException if a length differs from the optimiser's
     */
    void step(float[] parameters, float[] gradient, float scale, double learningRate);

    /** A copy. */
    OptimiserState state();

    /** @throws IllegalArgumentException if the state is of another number of parameters */
    void load(OptimiserState state);
}
