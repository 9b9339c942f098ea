package org.commissure.models.finetune;

import org.commissure.models.weights.ParameterLayout;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * BrainLM's head: {@code width → width/2 → width/2 → outputs}, each hidden step linear, dropout, ReLU. A regression ends
 * in the number itself under the squared error, a classification in a softmax under the cross entropy. Parameters lie as
 * {@link #layout} says. Not thread-safe.
 */
final class Head implements AutoCloseable {
    private final ParameterLayout layout;
    private final MultiLayerNetwork network;

    Head(int width, HeadSettings settings) {
        layout = layout(width, settings.classes());
        network = new MultiLayerNetwork(layers(width, settings));
        network.init(Nd4j.zeros(DataType.FLOAT, 1, layout.parameterCount()), false);
        network.initGradientsView();
    }

    static ParameterLayout layout(int width, int outputs) {
        int hidden = Math.max(1, width / 2);
        return new ParameterLayout.Builder()
                .add("head.0.weight", hidden, width)
                .add("head.0.bias", hidden)
                .add("head.1.weight", hidden, hidden)
                .add("head.1.bias", hidden)
                .add("head.2.weight", outputs, hidden)
                .add("head.2.bias", outputs)
                .build();
    }

    /** Dropout commutes with ReLU, so a layer's dropout is the next one's input dropout. */
    private static MultiLayerConfiguration layers(int width, HeadSettings settings) {
        int hidden = Math.max(1, width / 2);
        boolean regression = settings.task() == Task.REGRESSION;
        double keep = 1 - settings.dropout();
        return new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                .updater(new NoOp())
                .miniBatch(false)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(width)
                        .nOut(hidden)
                        .activation(Activation.RELU)
                        .build())
                .layer(new DenseLayer.Builder()
                        .nIn(hidden)
                        .nOut(hidden)
                        .activation(Activation.RELU)
                        .dropOut(keep)
                        .build())
                .layer(new OutputLayer.Builder(regression ? LossFunction.MSE : LossFunction.MCXENT)
                        .nIn(hidden)
                        .nOut(settings.classes())
                        .activation(regression ? Activation.IDENTITY : Activation.SOFTMAX)
                        .dropOut(keep)
                        .build())
                .build();
    }

    ParameterLayout layout() {
        return layout;
    }

    void load(float[] parameters) {
        network.setParams(Nd4j.createFromArray(parameters).reshape(1, parameters.length));
    }

    /** {@code [rows][outputs]}: numbers or probabilities; no dropout. */
    float[][] outputs(float[][] rows) {
        INDArray out = network.output(Nd4j.createFromArray(rows));
        return out.toFloatMatrix();
    }

    /**
     * Gradient of the rows' mean loss.
     *
     * @param labels {@code [rows][outputs]}: scaled numbers, or 1 for the class and 0 elsewhere
     * @param dropoutSeed the same seed drops the same values
     * @param gradientOut overwritten, with respect to the parameters
     * @return with respect to the rows
     */
    float[][] gradient(float[][] rows, float[][] labels, long dropoutSeed, float[] gradientOut) {
        Nd4j.getRandom().setSeed(dropoutSeed);
        INDArray dRows = network.calculateGradients(
                        Nd4j.createFromArray(rows), Nd4j.createFromArray(labels), null, null)
                .getSecond();
        float[] sum = network.getGradientsViewArray().toFloatVector();
        for (int i = 0; i < sum.length; i++) {
            gradientOut[i] = sum[i] / rows.length;
        }
        return dRows.div(rows.length).toFloatMatrix();
    }

    @Override
    public void close() {
        network.close();
    }
}
