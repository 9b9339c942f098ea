package org.commissure.models.baseline;

import org.commissure.models.brainlm.Mask;
import org.commissure.models.weights.ParameterLayout;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Bidirectional LSTM layers (Hochreiter &amp; Schmidhuber 1997, with forget gates) over the frames of a window, then a
 * dense map from both directions to all parcels of the frame. Bidirectional because a masked patch has a future as well
 * as a past.
 *
 * <p>Parameters: for each layer {@code lstm.<i>.input.weight [2, 4·width, in]}, {@code lstm.<i>.recurrent.weight [2,
 * 4·width, width]} and {@code lstm.<i>.bias [2, 4·width]}: forward, then backward in time; the rows of each are the
 * input gate, the forget gate, the candidate (tanh) and the output gate. Then {@code output.weight [parcels, 2·width]}
 * and {@code output.bias}. The first layer's {@code in} is {@code 2·parcels}: signals, then visibilities.
 */
record LstmNetwork(BaselineConfiguration c) implements Network {

    @Override
    public MultiLayerConfiguration layers(DataType type) {
        var builder = Network.builder(type);
        int in = 2 * c.parcels();
        int layer = 0;
        for (int width : c.widths()) {
            builder.layer(layer++, new BidirectionalLstm(in, width));
            in = 2 * width;
        }
        return builder.layer(layer, Network.output(in, c.parcels())).build();
    }

    @Override
    public ParameterLayout layout() {
        var layout = new ParameterLayout.Builder();
        int in = 2 * c.parcels();
        for (int i = 0; i < c.widths().size(); i++) {
            int width = c.widths().get(i);
            String prefix = "lstm." + i;
            layout.add(prefix + ".input.weight", 2, 4 * width, in)
                    .add(prefix + ".recurrent.weight", 2, 4 * width, width)
                    .add(prefix + ".bias", 2, 4 * width);
            in = 2 * width;
        }
        return layout.add("output.weight", c.parcels(), in)
                .add("output.bias", c.parcels())
                .build();
    }

    /** {@code [frames, features]}: frames are steps of one sequence. */
    @Override
    public long[] inputShape() {
        return new long[] {c.windowFrames(), 2L * c.parcels()};
    }

    /** {@code [frames, parcels]}. */
    @Override
    public long[] outputShape() {
        return new long[] {c.windowFrames(), c.parcels()};
    }

    @Override
    public void place(float[] window, Mask mask, float[] input) {
        int p = c.patchFrames();
        for (int i = 0; i < mask.visibleCount(); i++) {
            int token = mask.visible(i);
            int parcel = token / c.patches();
            int first = token % c.patches() * p;
            for (int t = 0; t < p; t++) {
                int row = (first + t) * 2 * c.parcels();
                input[row + parcel] = window[token * p + t];
                input[row + c.parcels() + parcel] = 1;
            }
        }
    }

    @Override
    public int outputIndex(int parcel, int frame) {
        return frame * c.parcels() + parcel;
    }
}
