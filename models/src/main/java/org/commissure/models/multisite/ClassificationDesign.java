package org.commissure.models.multisite;

/**
 * How the comparison of Li et al. (2020) is run.
 *
 * @param hidden units of the multi-layer perceptron's one hidden layer
 * @param dropout share of inputs and of hidden values that are dropped in training
 * @param steps optimiser steps of every site; training on all patients together takes as many for each site
 * @param localSteps between two averages of a federation
 * @param batch windows a step
 * @param learningRate of Adam, constant
 * @param weightDecay decoupled (AdamW)
 * @param noise standard deviation of the noise on shared parameters, relative to each tensor's own; 0 leaves the
 *     strategy with noise out
 * @param seed decides folds, first weights, order, dropout and noise
 */
public record ClassificationDesign(
        int folds,
        int hidden,
        double dropout,
        int steps,
        int localSteps,
        int batch,
        double learningRate,
        double weightDecay,
        double noise,
        long seed) {
    public ClassificationDesign {
        require(folds >= 3, "folds", folds);
        require(hidden > 0, "hidden units", hidden);
        require(dropout >= 0 && dropout < 1, "dropout", dropout);
        require(steps > 0, "steps", steps);
        require(localSteps > 0, "local steps", localSteps);
        require(batch > 0, "batch", batch);
        require(learningRate > 0 && learningRate < 1, "learning rate", learningRate);
        require(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY, "weight decay", weightDecay);
        require(noise >= 0 && noise < Double.POSITIVE_INFINITY, "noise", noise);
    }

    private static void require(boolean holds, String name, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " = " + value + " is out of range");
        }
    }
}
