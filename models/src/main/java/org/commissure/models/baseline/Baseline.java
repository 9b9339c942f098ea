package org.commissure.models.baseline;

import java.util.Arrays;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A Deeplearning4j network as a masked autoencoder: its flat parameters and gradients are used as they lie, in the order
 * that {@link BaselineConfiguration#layout} names. Scratch memory is Deeplearning4j's workspaces, which grow during the
 * first calls and then stay; unlike BrainLM, a call makes some small objects. The same inputs give the same bits on the
 * same machine.
 */
final class Baseline implements MaskedAutoencoder {
    private final BaselineConfiguration c;
    private final Network shape;
    private final int parameterCount;
    private final MultiLayerNetwork network;
    private final NativeVector parameters;
    private final NativeVector input;
    private final NativeVector labels;
    private final NativeVector lossMask;
    private final float[] inputValues;
    private final float[] labelValues;
    private final float[] maskValues;
    private boolean loaded;
    private boolean closed;

    /** @param type single precision, or double to check derivatives */
    Baseline(BaselineConfiguration configuration, DataType type) {
        c = configuration;
        shape = c.network();
        parameterCount = shape.layout().parameterCount();
        parameters = NativeVector.zeros(type, 1, parameterCount);
        network = new MultiLayerNetwork(shape.layers(type));
        network.init(parameters.array(), false);
        network.initGradientsView();
        input = NativeVector.zeros(type, shape.inputShape());
        labels = NativeVector.zeros(type, shape.outputShape());
        lossMask = NativeVector.zeros(type, shape.outputShape());
        inputValues = new float[input.length()];
        labelValues = new float[labels.length()];
        maskValues = new float[labels.length()];
    }

    @Override
    public ModelConfiguration configuration() {
        return c;
    }

    @Override
    public int parameterCount() {
        return parameterCount;
    }

    @Override
    public void loadParameters(float[] flat) {
        checkOpen();
        checkLength("parameters", flat, parameterCount);
        checkFinite("parameters", flat);
        parameters.write(flat);
        loaded = true;
    }

    /** For checks of derivatives in double precision. */
    void loadParameters(double[] flat) {
        parameters.write(flat);
        loaded = true;
    }

    /** @throws IllegalArgumentException also if the mask hides nothing: there is no loss then */
    @Override
    public double gradient(float[] window, Mask mask, float[] gradientOut) {
        check(window, mask);
        checkLength("gradientOut", gradientOut, parameterCount);
        place(window, mask);
        Arrays.fill(labelValues, 0);
        Arrays.fill(maskValues, 0);
        int p = c.patchFrames();
        for (int i = 0; i < mask.maskedCount(); i++) {
            for (int t = 0; t < p; t++) {
                int at = mask.masked(i) * p + t;
                labelValues[outputIndex(at)] = window[at];
                maskValues[outputIndex(at)] = 1;
            }
        }
        labels.write(labelValues);
        lossMask.write(maskValues);
        network.setInput(input.array());
        network.setLabels(labels.array());
        network.setLayerMaskArrays(null, lossMask.array());
        network.computeGradientAndScore();
        network.clearLayerMaskArrays();
        new NativeVector(network.getGradientsViewArray()).read(gradientOut);
        double values = (double) mask.maskedCount() * p;
        for (int i = 0; i < gradientOut.length; i++) {
            gradientOut[i] = (float) (gradientOut[i] / values);
        }
        return network.score() / values;
    }

    /** @throws IllegalArgumentException also if the mask hides nothing: there is no error then */
    @Override
    public double reconstruct(float[] window, Mask mask, float[] predictionOut) {
        check(window, mask);
        checkLength("predictionOut", predictionOut, c.windowLength());
        place(window, mask);
        network.output(input.array(), null, null, outputs -> {
            new NativeVector(outputs[0].dup('c')).read(labelValues);
            return outputs;
        });
        System.arraycopy(window, 0, predictionOut, 0, window.length);
        double squares = 0;
        int p = c.patchFrames();
        for (int i = 0; i < mask.maskedCount(); i++) {
            for (int t = 0; t < p; t++) {
                int at = mask.masked(i) * p + t;
                float predicted = labelValues[outputIndex(at)];
                predictionOut[at] = predicted;
                double difference = predicted - window[at];
                squares += difference * difference;
            }
        }
        return squares / ((double) mask.maskedCount() * p);
    }

    /** Also frees the workspaces of Deeplearning4j that belong to the calling thread. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            network.close();
            input.array().close();
            labels.array().close();
            lossMask.array().close();
        }
    }

    private void place(float[] window, Mask mask) {
        Arrays.fill(inputValues, 0);
        shape.place(window, mask, inputValues);
        input.write(inputValues);
    }

    private int outputIndex(int windowIndex) {
        return shape.outputIndex(windowIndex / c.windowFrames(), windowIndex % c.windowFrames());
    }

    private void check(float[] window, Mask mask) {
        checkOpen();
        if (!loaded) {
            throw new IllegalStateException("the model has no parameters yet; call loadParameters first");
        }
        checkLength("window", window, c.windowLength());
        checkFinite("window", window);
        if (mask.tokens() != c.tokens()) {
            throw new IllegalArgumentException(
                    "the mask covers " + mask.tokens() + " tokens, but the model's windows have " + c.tokens());
        }
        if (mask.maskedCount() == 0) {
            throw new IllegalArgumentException("the mask hides no token, so there is nothing to predict");
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the model is closed");
        }
    }

    private static void checkLength(String name, float[] values, int expected) {
        if (values.length != expected) {
            throw new IllegalArgumentException(
                    name + " has " + values.length + " values, but the model needs " + expected);
        }
    }

    private static void checkFinite(String name, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(name + " has a value that is NaN or infinite");
            }
        }
    }
}
