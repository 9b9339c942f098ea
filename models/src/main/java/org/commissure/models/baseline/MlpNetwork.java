package org.commissure.models.baseline;

import org.commissure.models.brainlm.Mask;
import org.commissure.models.weights.ParameterLayout;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Dense layers with ELU (Clevert et al. 2016) over a whole window. Per window and not per parcel, because a masked patch
 * is foretold by other parcels at the same time; a parcel on its own can only be interpolated.
 *
 * <p>Parameters: {@code dense.<i>.weight [width, in]}, {@code dense.<i>.bias}, then {@code output.weight [values, width]}
 * and {@code output.bias}. The first {@code in} is the window's values ({@code parcels × windowFrames}, parcel by
 * parcel), then one visibility for every token.
 */
record MlpNetwork(BaselineConfiguration c) implements Network {

    @Override
    public MultiLayerConfiguration layers(DataType type) {
        var builder = Network.builder(type);
        int in = inputs();
        int layer = 0;
        for (int width : c.widths()) {
            builder.layer(
                    layer++,
                    new DenseLayer.Builder()
                            .nIn(in)
                            .nOut(width)
                            .activation(Activation.ELU)
                            .build());
            in = width;
        }
        return builder.layer(layer, Network.output(in, c.windowLength())).build();
    }

    @Override
    public ParameterLayout layout() {
        var layout = new ParameterLayout.Builder();
        int in = inputs();
        for (int i = 0; i < c.widths().size(); i++) {
            int width = c.widths().get(i);
            layout.add("dense." + i + ".weight", width, in).add("dense." + i + ".bias", width);
            in = width;
        }
        return layout.add("output.weight", c.windowLength(), in)
                .add("output.bias", c.windowLength())
                .build();
    }

    private int inputs() {
        return c.windowLength() + c.tokens();
    }

    @Override
    public long[] inputShape() {
        return new long[] {1, inputs()};
    }

    @Override
    public long[] outputShape() {
        return new long[] {1, c.windowLength()};
    }

    @Override
    public void place(float[] window, Mask mask, float[] input) {
        int p = c.patchFrames();
        for (int i = 0; i < mask.visibleCount(); i++) {
            int token = mask.visible(i);
            System.arraycopy(window, token * p, input, token * p, p);
            input[c.windowLength() + token] = 1;
        }
    }

    @Override
    public int outputIndex(int parcel, int frame) {
        return parcel * c.windowFrames() + frame;
    }
}
