package org.commissure.models.baseline;

import org.commissure.models.brainlm.Mask;
import org.commissure.models.weights.ParameterLayout;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.preprocessor.Cnn3DToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * 3 × 3 × 3 convolutions over {@link ParcelGrid}, each with instance norm and ELU, then a 1 × 1 × 1 convolution to the
 * frames of the window. A cell's channels are its parcel's frames, then one visibility for every patch; cells without a
 * parcel are zero. Instance norm, because Deeplearning4j's BatchNorm throws on rank 5, and because a batch of one
 * patient has no batch statistics worth sending.
 *
 * <p>Parameters: {@code conv.<i>.bias [width]}, {@code conv.<i>.weight [width, in, 3, 3, 3]} (x, y, z), then {@code
 * output.bias [frames]}, {@code output.weight [frames, width, 1, 1, 1]}.
 */
final class Conv3dNetwork implements Network {
    private static final int KERNEL = 3;

    private final BaselineConfiguration c;
    private final ParcelGrid grid;

    Conv3dNetwork(BaselineConfiguration c) {
        this.c = c;
        grid = new ParcelGrid(c.coordinatesMillimetres(), c.cellMillimetres());
        if ((long) channels() * grid.count() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("model configuration: " + channels() + " channels in " + grid.count()
                    + " cells are too many; use larger cells");
        }
    }

    @Override
    public MultiLayerConfiguration layers(DataType type) {
        var builder = Network.builder(type);
        int in = channels();
        int layer = 0;
        for (int width : c.widths()) {
            builder.layer(layer++, convolution(in, width, KERNEL));
            builder.layer(layer++, new InstanceNorm());
            builder.layer(layer++, new ActivationLayer(Activation.ELU));
            in = width;
        }
        builder.layer(layer++, convolution(in, c.windowFrames(), 1));
        return builder.layer(
                        layer,
                        new LossLayer.Builder(LossFunction.L2)
                                .activation(Activation.IDENTITY)
                                .build())
                .inputPreProcessor(
                        layer,
                        new Cnn3DToFeedForwardPreProcessor(
                                grid.size(0), grid.size(1), grid.size(2), c.windowFrames(), true))
                .build();
    }

    private static Convolution3D convolution(int in, int out, int edge) {
        return new Convolution3D.Builder(edge, edge, edge)
                .nIn(in)
                .nOut(out)
                .convolutionMode(ConvolutionMode.Same)
                .dataFormat(Convolution3D.DataFormat.NCDHW)
                .activation(Activation.IDENTITY)
                .build();
    }

    @Override
    public ParameterLayout layout() {
        var layout = new ParameterLayout.Builder();
        int in = channels();
        for (int i = 0; i < c.widths().size(); i++) {
            int width = c.widths().get(i);
            layout.add("conv." + i + ".bias", width).add("conv." + i + ".weight", width, in, KERNEL, KERNEL, KERNEL);
            in = width;
        }
        return layout.add("output.bias", c.windowFrames())
                .add("output.weight", c.windowFrames(), in, 1, 1, 1)
                .build();
    }

    private int channels() {
        return c.windowFrames() + c.patches();
    }

    /** {@code [1, channels, x, y, z]}. */
    @Override
    public long[] inputShape() {
        return new long[] {1, channels(), grid.size(0), grid.size(1), grid.size(2)};
    }

    /** {@code [1, frames × cells]}. */
    @Override
    public long[] outputShape() {
        return new long[] {1, (long) c.windowFrames() * grid.count()};
    }

    @Override
    public void place(float[] window, Mask mask, float[] input) {
        int p = c.patchFrames();
        for (int i = 0; i < mask.visibleCount(); i++) {
            int token = mask.visible(i);
            int patch = token % c.patches();
            int cell = grid.cell(token / c.patches());
            for (int t = 0; t < p; t++) {
                input[(patch * p + t) * grid.count() + cell] = window[token * p + t];
            }
            input[(c.windowFrames() + patch) * grid.count() + cell] = 1;
        }
    }

    @Override
    public int outputIndex(int parcel, int frame) {
        return frame * grid.count() + grid.cell(parcel);
    }
}
