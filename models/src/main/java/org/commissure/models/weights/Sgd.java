package org.commissure.models.weights;

final class Sgd implements Optimiser {
    private final float learningRate;
    private final float momentum;
    private final float[] velocity;

    Sgd(int parameters, double learningRate, double momentum) {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("momentum is " + momentum + "; it must lie in [0, 1)");
        }
        this.learningRate = (float) Optimisers.positive("learning rate", learningRate);
        this.momentum = (float) momentum;
        velocity = new float[parameters];
    }

    @Override
    public void step(float[] parameters, float[] gradient) {
        Optimisers.check(parameters, gradient, velocity.length);
        for (int i = 0; i < velocity.length; i++) {
            velocity[i] = momentum * velocity[i] + gradient[i];
            parameters[i] -= learningRate * velocity[i];
        }
    }
}
