package org.commissure.models.brainlm;

/**
 * A masked autoencoder seen from outside: flat vectors in, flat vectors out, one patient's window at a time.
 *
 * <p>A window is {@code [parcels, windowFrames]}, row-major. Not thread-safe: one instance, one thread. After
 * construction no call allocates. Every method throws {@link IllegalArgumentException} when an array has the wrong
 * length, a window or a parameter is not finite, a mask does not fit, or the model needs a repetition time and got none, and {@link IllegalStateException} when it is
 * called before {@link #loadParameters} or after {@link #close}.
 */
public interface MaskedAutoencoder extends AutoCloseable {

    /** The shape this model was built from. */
    ModelConfiguration configuration();

    /** Length of the flat parameter vector. */
    int parameterCount();

    /** Copies {@code flat} (in the model's documented order) into the model. */
    void loadParameters(float[] flat);

    /**
     * Gradient of the configured loss over the masked values of one window; no dropout.
     *
     * @param window not modified
     * @param gradientOut overwritten; as long as the parameters and in their order
     * @return the loss
     */
    double gradient(float[] window, Mask mask, float[] gradientOut);

    /** The same with all that is known of the window's scan. */
    default double gradient(Example example, float[] gradientOut) {
        return gradient(example.window(), example.mask(), gradientOut);
    }

    /**
     * Predicts the masked patches from the visible ones.
     *
     * @param predictionOut overwritten, {@code [parcels, windowFrames]}: predictions at masked values, the observed
     *     values elsewhere
     * @return the mean squared error over the masked values
     */
    double reconstruct(float[] window, Mask mask, float[] predictionOut);

    /** The same with all that is known of the window's scan. */
    default double reconstruct(Example example, float[] predictionOut) {
        return reconstruct(example.window(), example.mask(), predictionOut);
    }

    /** Frees native memory; a second call does nothing. */
    @Override
    void close();
}
