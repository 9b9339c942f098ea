package org.commissure.site.compute;

import java.util.Arrays;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;

/** A few parameters, three if not told otherwise; the gradient is the same for every window. */
final class Steep implements MaskedAutoencoder {
    private final float slope;
    private final int parameters;
    int windows;
    int broken = -1;

    Steep(float slope) {
        this(slope, 3);
    }

    Steep(float slope, int parameters) {
        this.slope = slope;
        this.parameters = parameters;
    }

    @Override
    public ModelConfiguration configuration() {
        throw new UnsupportedOperationException("local training brings its own shape");
    }

    @Override
    public int parameterCount() {
        return parameters;
    }

    @Override
    public void loadParameters(float[] flat) {}

    @Override
    public double gradient(float[] window, Mask mask, float[] gradientOut) {
        windows++;
        Arrays.fill(gradientOut, windows == broken ? Float.NaN : slope);
        return 1;
    }

    @Override
    public double reconstruct(float[] window, Mask mask, float[] predictionOut) {
        return 1;
    }

    @Override
    public void close() {}
}
