package org.commissure.models.golden;

/** What a comparison judges, and how tightly unless the caller says otherwise. */
public enum Kind {
    /** Masks and their order, exactly: the number of differing entries. */
    EXACT(0, 0),
    /** Predicted values: the largest absolute difference; reference: the largest value. */
    OUTPUT(2e-4, 0),
    /** A loss: the absolute difference; reference: the loss. */
    LOSS(0, 1e-5),
    /**
     * A gradient: the L2 norm of the difference; reference: the tensor's own L2 norm, but no less than {@value
     * #SMALL_SHARE} of the whole gradient's, where float32 has little left to say.
     */
    GRADIENT(0, 1e-3),
    /**
     * The gradient of a key's bias, which is 0: softmax does not feel a shift. What both sides compute is rounding
     * noise. The L2 norm of the difference; reference: {@value #NOISE_SHARE} of the whole gradient's norm.
     */
    NOISE_GRADIENT(0, 1e-3),
    /** A loss or gradient norm after optimiser steps, which feels what is said of {@link #PARAMETER}. */
    TRAINED(0, 1e-3),
    /**
     * Trained parameters: the absolute difference within which {@value #JUDGED_SHARE} of a tensor's values stay;
     * reference: the largest value. Adam's first step is the sign of the gradient, so where rounding decides that sign
     * float32 implementations part by up to two learning rates a step, and starts one unit in the last place apart do so
     * too. The original's own float32 gradients lie up to 9e-5 of their norm from float64's. The other values must stay
     * within such walks.
     */
    PARAMETER(1e-5, 0),
    /**
     * Trained biases of keys: Adam divides rounding noise by its own size, so both sides walk at random, about one
     * learning rate a step. The bound is that both stay within their walks, unless the caller's own tolerance is wider.
     * They influence no output.
     */
    NOISE_PARAMETER(1e-5, 0);

    static final double JUDGED_SHARE = 0.95;
    static final double SMALL_SHARE = 1e-4;
    static final double NOISE_SHARE = 1e-3;

    private final double absolute;
    private final double relative;

    Kind(double absolute, double relative) {
        this.absolute = absolute;
        this.relative = relative;
    }

    double absolute() {
        return absolute;
    }

    double relative() {
        return relative;
    }
}
