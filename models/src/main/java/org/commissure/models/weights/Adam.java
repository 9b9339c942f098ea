package org.commissure.models.weights;

final class Adam implements Optimiser {
    private static final float BETA_1 = 0.9f;
    private static final float BETA_2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final double learningRate;
    private final float[] mean;
    private final float[] meanSquare;
    private int steps;

    Adam(int parameters, double learningRate) {
        this.learningRate = Optimisers.positive("learning rate", learningRate);
        mean = new float[parameters];
        meanSquare = new float[parameters];
    }

    @Override
    public void step(float[] parameters, float[] gradient) {
        Optimisers.check(parameters, gradient, mean.length);
        steps++;
        float rate = (float) (learningRate / (1 - Math.pow(BETA_1, steps)));
        float correction = (float) (1 / (1 - Math.pow(BETA_2, steps)));
        for (int i = 0; i < mean.length; i++) {
            float g = gradient[i];
            mean[i] = BETA_1 * mean[i] + (1 - BETA_1) * g;
            meanSquare[i] = BETA_2 * meanSquare[i] + (1 - BETA_2) * g * g;
            parameters[i] -= rate * mean[i] / ((float) Math.sqrt(meanSquare[i] * correction) + EPSILON);
        }
    }
}
