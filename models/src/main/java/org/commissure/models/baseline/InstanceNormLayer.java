package org.commissure.models.baseline;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Forward and backward of {@link InstanceNorm}, for one example {@code [1, channels, x, y, z]}. */
final class InstanceNormLayer extends AbstractLayer<InstanceNorm> {
    private static final long serialVersionUID = 1L;
    private static final double EPSILON = 1e-5;

    InstanceNormLayer(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
    }

    @Override
    public Type type() {
        return Type.CONVOLUTIONAL3D;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        INDArray y = rows(input);
        normalise(y);
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, y.reshape('c', input.shape()));
    }

    /** {@code dx = (dy − mean(dy) − y·mean(dy·y)) / σ}, per channel. */
    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray y = rows(input);
        INDArray deviation = normalise(y);
        INDArray dx = rows(epsilon);
        INDArray along = dx.mul(y).mean(true, 1);
        dx.subiColumnVector(dx.mean(true, 1)).subi(y.muliColumnVector(along)).diviColumnVector(deviation);
        Gradient none = new DefaultGradient();
        return new Pair<>(none, workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, dx.reshape('c', epsilon.shape())));
    }

    /** A fresh {@code [channels, cells]}. */
    private static INDArray rows(INDArray x) {
        return x.dup('c').reshape('c', x.size(1), x.length() / x.size(1));
    }

    /** In place; returns σ, {@code [channels, 1]}. */
    private static INDArray normalise(INDArray rows) {
        rows.subiColumnVector(rows.mean(true, 1));
        INDArray deviation = Transforms.sqrt(rows.mul(rows).mean(true, 1).addi(EPSILON), false);
        rows.diviColumnVector(deviation);
        return deviation;
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public void clearNoiseWeightParams() {
        // there are none
    }

    @Override
    public double calcRegularizationScore(boolean backpropagatedOnly) {
        return 0;
    }

    @Override
    public @Nullable INDArray params() {
        return null;
    }
}
