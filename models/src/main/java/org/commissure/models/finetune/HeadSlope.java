package org.commissure.models.finetune;

import java.util.Arrays;
import org.commissure.models.weights.ParameterLayout;

/**
 * A head as a smooth function of its input, for attribution: a regression's scaled number, or a class' log odds {@code
 * z_k − log Σ_{j≠k} exp z_j = log(p_k / (1 − p_k))}, which unlike its probability does not saturate. In double precision
 * and without Deeplearning4j, which differentiates losses and not outputs.
 */
@SuppressWarnings("ArrayRecordComponent") // on its way through the encoder; never compared
record HeadSlope(double value, float[] gradient) {

    /**
     * @param parameters in the order of the layout, which is one of {@link Head}
     * @param row the head's input
     * @param output which class; 0 for a regression
     */
    static HeadSlope of(ParameterLayout layout, float[] parameters, Task task, float[] row, int output) {
        int layers = layout.tensors().size() / 2; // weights and biases
        double[][] values = new double[layers + 1][];
        values[0] = new double[row.length];
        Arrays.setAll(values[0], j -> row[j]);
        for (int layer = 0; layer < layers; layer++) {
            values[layer + 1] = forward(layout, parameters, layer, layer < layers - 1, values[layer]);
        }
        double[] outputs = values[layers];
        double[] slope = new double[outputs.length];
        double value = task == Task.REGRESSION ? number(outputs, slope) : logOdds(outputs, output, slope);
        for (int layer = layers - 1; layer >= 0; layer--) {
            slope = backward(layout, parameters, layer, values[layer], slope);
        }
        float[] gradient = new float[row.length];
        for (int j = 0; j < gradient.length; j++) {
            gradient[j] = (float) slope[j];
        }
        return new HeadSlope(value, gradient);
    }

    private static double number(double[] outputs, double[] slope) {
        slope[0] = 1;
        return outputs[0];
    }

    private static double logOdds(double[] outputs, int output, double[] slope) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < outputs.length; k++) {
            largest = k == output ? largest : Math.max(largest, outputs[k]);
        }
        double sum = 0;
        for (int k = 0; k < outputs.length; k++) {
            slope[k] = k == output ? 0 : Math.exp(outputs[k] - largest);
            sum += slope[k];
        }
        for (int k = 0; k < outputs.length; k++) {
            slope[k] = k == output ? 1 : -slope[k] / sum;
        }
        return outputs[output] - largest - Math.log(sum);
    }

    /** Linear, and ReLU behind all but the last. */
    private static double[] forward(
            ParameterLayout layout, float[] parameters, int layer, boolean hidden, double[] in) {
        int weight = layout.tensor("head." + layer + ".weight").offset();
        ParameterLayout.Tensor bias = layout.tensor("head." + layer + ".bias");
        double[] out = new double[bias.length()];
        for (int i = 0; i < out.length; i++) {
            double sum = parameters[bias.offset() + i];
            for (int j = 0; j < in.length; j++) {
                sum += parameters[weight + i * in.length + j] * in[j];
            }
            out[i] = hidden ? Math.max(0, sum) : sum;
        }
        return out;
    }

    /** @param in of the layer: what lies behind a ReLU, whose slope is 0 where it is 0 */
    private static double[] backward(
            ParameterLayout layout, float[] parameters, int layer, double[] in, double[] dOut) {
        int weight = layout.tensor("head." + layer + ".weight").offset();
        double[] dIn = new double[in.length];
        for (int i = 0; i < dOut.length; i++) {
            for (int j = 0; j < in.length; j++) {
                dIn[j] += dOut[i] * parameters[weight + i * in.length + j];
            }
        }
        for (int j = 0; j < in.length; j++) {
            dIn[j] = layer > 0 && in[j] <= 0 ? 0 : dIn[j];
        }
        return dIn;
    }
}
