package org.commissure.models.finetune;

import java.util.List;
import java.util.SplittableRandom;
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
 * Dense layers on a row of numbers, each hidden one linear, ReLU, dropout. A regression ends in the number itself under
 * the squared error, a classification in a softmax under the cross entropy. BrainLM's head is {@code width → width/2 →
 * width/2 → outputs}. Parameters lie as {@link #layout} says. Not thread-safe.
 */
public final class Head implements AutoCloseable {
    private final ParameterLayout layout;
    private final MultiLayerNetwork network;

    /** BrainLM's. */
    Head(int width, HeadSettings settings) {
        this(width, HeadShape.brainLm(width).hidden(), settings.task(), settings.classes(), settings.dropout());
    }

    /**
     * @param hidden widths of the hidden layers, first to last; without any the head is linear
     * @param outputs classes of a classification, 1 of a regression
     * @param dropout probability with which a hidden value is dropped in training
     */
    public Head(int width, List<Integer> hidden, Task task, int outputs, double dropout) {
        layout = layout(width, hidden, outputs);
        network = new MultiLayerNetwork(layers(width, hidden, task, outputs, dropout));
        network.init(Nd4j.zeros(DataType.FLOAT, 1, layout.parameterCount()), false);
        network.initGradientsView();
    }

    /** @param hidden as in {@link #Head(int, List, Task, int, double)} */
    static ParameterLayout layout(int width, List<Integer> hidden, int outputs) {
        var layout = new ParameterLayout.Builder();
        int in = width;
        for (int i = 0; i <= hidden.size(); i++) {
            int out = i < hidden.size() ? hidden.get(i) : outputs;
            layout.add("head." + i + ".weight", out, in).add("head." + i + ".bias", out);
            in = out;
        }
        return layout.build();
    }

    /** Dropout commutes with ReLU, so a layer's dropout is the next one's input dropout. */
    private static MultiLayerConfiguration layers(
            int width, List<Integer> hidden, Task task, int outputs, double dropout) {
        boolean regression = task == Task.REGRESSION;
        double keep = 1 - dropout;
        var builder = new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                .updater(new NoOp())
                .miniBatch(false)
                .list();
        int in = width;
        for (int i = 0; i < hidden.size(); i++) {
            var layer = new DenseLayer.Builder().nIn(in).nOut(hidden.get(i)).activation(Activation.RELU);
            builder.layer(i == 0 ? layer.build() : layer.dropOut(keep).build());
            in = hidden.get(i);
        }
        return builder.layer(new OutputLayer.Builder(regression ? LossFunction.MSE : LossFunction.MCXENT)
                        .nIn(in)
                        .nOut(outputs)
                        .activation(regression ? Activation.IDENTITY : Activation.SOFTMAX)
                        .dropOut(keep)
                        .build())
                .build();
    }

    /** Weights N(0, 2 / inputs) (He et al. 2015) in front of ReLU, a tenth of that in the output; biases 0. */
    public float[] initial(long seed) {
        var random = new SplittableRandom(seed);
        float[] parameters = new float[layout.parameterCount()];
        String output = layout.tensors().get(layout.tensors().size() - 2).name();
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            if (tensor.name().endsWith(".weight")) {
                double gain = tensor.name().equals(output) ? 0.1 : 1;
                double deviation = gain * Math.sqrt(2.0 / tensor.shape().getLast());
                for (int i = 0; i < tensor.length(); i++) {
                    parameters[tensor.offset() + i] = (float) (deviation * random.nextGaussian());
                }
            }
        }
        return parameters;
    }

    public ParameterLayout layout() {
        return layout;
    }

    /** Copies {@code parameters}, in the layout's order, into the network. */
    public void load(float[] parameters) {
        try (INDArray flat = Nd4j.createFromArray(parameters)) {
            network.setParams(flat.reshape(1, parameters.length));
        }
    }

    /** {@code [rows][outputs]}: numbers or probabilities; no dropout. */
    public float[][] outputs(float[][] rows) {
        try (INDArray in = Nd4j.createFromArray(rows);
                INDArray out = network.output(in)) {
            return out.toFloatMatrix();
        }
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
        try (INDArray dRows = backward(rows, labels, dropoutSeed, gradientOut)) {
            return dRows.div(rows.length).toFloatMatrix();
        }
    }

    /** The same where nothing lies below the rows. */
    public void parameterGradient(float[][] rows, float[][] labels, long dropoutSeed, float[] gradientOut) {
        backward(rows, labels, dropoutSeed, gradientOut).close();
    }

    private INDArray backward(float[][] rows, float[][] labels, long dropoutSeed, float[] gradientOut) {
        Nd4j.getRandom().setSeed(dropoutSeed);
        try (INDArray in = Nd4j.createFromArray(rows);
                INDArray truth = Nd4j.createFromArray(labels)) {
            INDArray dRows = network.calculateGradients(in, truth, null, null).getSecond();
            float[] sum = network.getGradientsViewArray().toFloatVector();
            for (int i = 0; i < sum.length; i++) {
                gradientOut[i] = sum[i] / rows.length;
            }
            return dRows;
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
