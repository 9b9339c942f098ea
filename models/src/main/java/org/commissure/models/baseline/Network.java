package org.commissure.models.baseline;

import org.commissure.models.brainlm.Mask;
import org.commissure.models.weights.ParameterLayout;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * One family: its Deeplearning4j network and how a window lies in the network's input and output.
 *
 * <p>Every input has the signal, with zeros where a token is not visible, and beside it a channel that is 1 where it is
 * visible and 0 where it is masked or absent. The output is a matrix that has a place for every value of the window.
 */
sealed interface Network permits LstmNetwork, MlpNetwork, Conv3dNetwork {

    /** Layers with a loss that sums squares over the values its mask names. */
    MultiLayerConfiguration layers(DataType type);

    /** Tensors as they lie in the network's own flat vector. */
    ParameterLayout layout();

    /** Row-major; one window. */
    long[] inputShape();

    /** Row-major rows and columns. */
    long[] outputShape();

    /**
     * Writes what is visible.
     *
     * @param input as long as {@link #inputShape} says, zero on entry
     */
    void place(float[] window, Mask mask, float[] input);

    /** Where the output has a value of the window. */
    int outputIndex(int parcel, int frame);

    /** What all families share: no updater (gradients are taken out), no division by the batch. */
    static NeuralNetConfiguration.ListBuilder builder(DataType type) {
        return new NeuralNetConfiguration.Builder()
                .dataType(type)
                .updater(new NoOp())
                .miniBatch(false)
                .list();
    }

    /** A dense layer without activation under the summed squares. */
    static OutputLayer output(int in, int out) {
        return new OutputLayer.Builder(LossFunction.L2)
                .nIn(in)
                .nOut(out)
                .activation(Activation.IDENTITY)
                .build();
    }
}
