package org.commissure.models.training;

import org.commissure.models.brainlm.OptimiserState;
import org.commissure.models.weights.Optimisers;

/** Gradient descent with momentum. The velocity is saved as the mean of the gradients; there is no mean square. */
final class FlatSgd implements FlatOptimiser {
    private final float momentum;
    private final float[] velocity;
    private long steps;

    FlatSgd(int parameters, double momentum) {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("momentum is " + momentum + "; it must lie in [0, 1)");
        }
        this.momentum = (float) momentum;
        velocity = new float[parameters];
    }

    @Override
    public void step(float[] parameters, float[] gradient, float scale, double learningRate) {
        Optimisers.check(parameters, gradient, velocity.length);
        steps++;
        float rate = (float) learningRate;
        for (int i = 0; i < velocity.length; i++) {
            velocity[i] = momentum * velocity[i] + scale * gradient[i];
            parameters[i] -= rate * velocity[i];
        }
    }

    @Override
    public OptimiserState state() {
        return new OptimiserState(steps, velocity.clone(), new float[velocity.length]);
    }

    @Override
    public void load(OptimiserState state) {
        if (state.mean().length != velocity.length) {
            throw new IllegalArgumentException(
                    "optimiser state has " + state.mean().length + " values for " + velocity.length + " parameters");
        }
        System.arraycopy(state.mean(), 0, velocity, 0, velocity.length);
        steps = state.steps();
    }
}
