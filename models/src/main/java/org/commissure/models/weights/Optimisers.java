package org.commissure.models.weights;

/** The rules of local training. */
public final class Optimisers {
    private Optimisers() {}

    /** Adam with β₁ .9, β₂ .999, ε 1e-8 and bias correction (Kingma &amp; Ba 2015, algorithm 1). */
    public static Optimiser adam(int parameters, double learningRate) {
        return new Adam(parameters, learningRate);
    }

    /** @throws IllegalArgumentException if one of the vectors has another length than {@code expected} */
    public static void check(float[] parameters, float[] gradient, int expected) {
        if (parameters.length != expected || gradient.length != expected) {
            throw new IllegalArgumentException("optimiser of " + expected + " parameters got " + parameters.length
                    + " parameters and " + gradient.length + " gradient values");
        }
    }

    static double positive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be positive and finite");
        }
        return value;
    }
}
