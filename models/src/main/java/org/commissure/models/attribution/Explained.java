package org.commissure.models.attribution;

/** One number that a model says of a window, with its slope. Not thread-safe, like the model behind it. */
@FunctionalInterface
public interface Explained {
    /**
     * @param window {@code [parcels, windowFrames]}, not kept
     * @param gradientOut as long as the window, overwritten
     * @return the number
     */
    double at(float[] window, float[] gradientOut);
}
