package org.commissure.models.training;

import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.OptimiserState;
import org.commissure.models.weights.Optimisers;
import org.commissure.models.weights.ParameterLayout;

/**
 * AdamW on flat vectors, with a rate per step and a state that can be saved: {@link AdamSettings} says the rule. Biases
 * and norms, which do not decay, are the tensors of one dimension.
 */
final class FlatAdam implements FlatOptimiser {
    private final ParameterLayout layout;
    private final AdamSettings settings;
    private final float[] mean;
    private final float[] meanSquare;
    private long steps;

    FlatAdam(ParameterLayout layout, AdamSettings settings) {
        this.layout = layout;
        this.settings = settings;
        mean = new float[layout.parameterCount()];
        meanSquare = new float[layout.parameterCount()];
    }

    @Override
    public void load(OptimiserState state) {
        if (state.mean().length != mean.length || state.meanSquare().length != mean.length) {
            throw new IllegalArgumentException("optimiser state has " + state.mean().length + " and "
                    + state.meanSquare().length + " values for " + mean.length + " parameters");
        }
        System.arraycopy(state.mean(), 0, mean, 0, mean.length);
        System.arraycopy(state.meanSquare(), 0, meanSquare, 0, mean.length);
        steps = state.steps();
    }

    @Override
    public OptimiserState state() {
        return new OptimiserState(steps, mean.clone(), meanSquare.clone());
    }

    @Override
    public void step(float[] parameters, float[] gradient, float scale, double learningRate) {
        Optimisers.check(parameters, gradient, mean.length);
        steps++;
        double rate = learningRate / (1 - Math.pow(settings.beta1(), steps));
        double root = Math.sqrt(1 - Math.pow(settings.beta2(), steps));
        // Where epsilon stands depends on the decay; AdamSettings says why.
        double epsilon = settings.weightDecay() == 0 ? settings.epsilon() : settings.epsilon() / root;
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            double keep = tensor.shape().size() > 1 ? 1 - learningRate * settings.weightDecay() : 1;
            int end = tensor.offset() + tensor.length();
            for (int i = tensor.offset(); i < end; i++) {
                double g = scale * gradient[i];
                mean[i] = (float) (settings.beta1() * mean[i] + (1 - settings.beta1()) * g);
                meanSquare[i] = (float) (settings.beta2() * meanSquare[i] + (1 - settings.beta2()) * g * g);
                double adam = rate * mean[i] / (Math.sqrt(meanSquare[i]) / root + epsilon);
                parameters[i] = (float) (keep * (parameters[i] - adam));
            }
        }
    }
}
