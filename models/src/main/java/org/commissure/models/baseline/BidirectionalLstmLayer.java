package org.commissure.models.baseline;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Forward and backward of {@link BidirectionalLstm}: {@code [frames, in]} to {@code [frames, 2·width]}. What is one
 * matrix product over all frames is ND4J's, the walk over the frames is {@link LstmRecurrence}'s.
 */
final class BidirectionalLstmLayer extends BaseLayer<BidirectionalLstm> {
    private static final long serialVersionUID = 1L;

    /** Forward and backward in time; made when the number of frames is known. */
    private transient List<LstmRecurrence> directions = List.of();

    BidirectionalLstmLayer(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
    }

    @Override
    public Type type() {
        return Type.RECURRENT;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        int frames = Math.toIntExact(input.size(0));
        int width = Math.toIntExact(layerConf().getNOut() / 2);
        if (directions.isEmpty()) {
            directions = List.of(new LstmRecurrence(frames, width, false), new LstmRecurrence(frames, width, true));
        }
        INDArray out = workspaces.create(ArrayType.ACTIVATIONS, dataType, frames, 2L * width);
        for (int d = 0; d < 2; d++) {
            INDArray projected = input.mmul(
                            weight(params, BidirectionalLstm.INPUT_WEIGHT, d).transpose())
                    .addiRowVector(weight(params, BidirectionalLstm.BIAS, d));
            INDArray recurrent =
                    weight(params, BidirectionalLstm.RECURRENT_WEIGHT, d).transpose();
            double[] h = directions.get(d).forward(values(projected), values(recurrent));
            out.get(NDArrayIndex.all(), columns(d, width)).assign(array(h, frames, width));
        }
        return out;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        int frames = Math.toIntExact(input.size(0));
        int width = Math.toIntExact(layerConf().getNOut() / 2);
        INDArray dInput = workspaces.create(ArrayType.ACTIVATION_GRAD, dataType, frames, input.size(1));
        for (int d = 0; d < 2; d++) {
            LstmRecurrence direction = directions.get(d);
            INDArray dOutput = epsilon.get(NDArrayIndex.all(), columns(d, width));
            INDArray recurrent = weight(params, BidirectionalLstm.RECURRENT_WEIGHT, d);
            INDArray dz = array(direction.backward(values(dOutput), values(recurrent)), frames, 4 * width);
            INDArray before = array(direction.previousOutputs(), frames, width);
            weight(gradientViews, BidirectionalLstm.INPUT_WEIGHT, d)
                    .assign(dz.transpose().mmul(input));
            weight(gradientViews, BidirectionalLstm.RECURRENT_WEIGHT, d)
                    .assign(dz.transpose().mmul(before));
            weight(gradientViews, BidirectionalLstm.BIAS, d).assign(dz.sum(0));
            dInput.addi(dz.mmul(weight(params, BidirectionalLstm.INPUT_WEIGHT, d)));
        }
        Gradient gradient = new DefaultGradient();
        for (String name : BidirectionalLstm.TENSORS) {
            gradient.setGradientFor(name, Objects.requireNonNull(gradientViews.get(name), name));
        }
        return new Pair<>(gradient, dInput);
    }

    private static INDArrayIndex columns(int direction, int width) {
        return NDArrayIndex.interval(direction * width, (direction + 1) * width);
    }

    /** One direction's part of a tensor. */
    private static INDArray weight(Map<String, INDArray> tensors, String name, int direction) {
        INDArray both = Objects.requireNonNull(tensors.get(name), name);
        return both.rank() == 3
                ? both.get(NDArrayIndex.point(direction), NDArrayIndex.all(), NDArrayIndex.all())
                : both.get(NDArrayIndex.point(direction), NDArrayIndex.all());
    }

    private static double[] values(INDArray matrix) {
        INDArray rows = matrix.dup('c');
        double[] values = new double[Math.toIntExact(rows.length())];
        new NativeVector(rows).read(values);
        return values;
    }

    private INDArray array(double[] values, int rows, int columns) {
        NativeVector array = NativeVector.zeros(dataType, rows, columns);
        array.write(values);
        return array.array();
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}
