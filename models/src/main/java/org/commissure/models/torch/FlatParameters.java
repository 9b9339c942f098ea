package org.commissure.models.torch;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.commissure.models.weights.ParameterLayout;

/**
 * One flat parameter vector and one flat gradient, each a single allocation on the device. The tensors of the layout
 * are views of it: autograd adds into the gradient in place, so that norms, clipping, Adam and copies to Java see one
 * vector. Call within a pointer scope.
 */
final class FlatParameters implements AutoCloseable {
    private final ParameterLayout layout;
    private final TorchDevice device;
    private final Kept kept = new Kept();
    private final Map<String, Tensor> leaves = new HashMap<>();
    private final Tensor values;
    private final Tensor gradients;

    FlatParameters(ParameterLayout layout, TorchDevice device) {
        this.layout = layout;
        this.device = device;
        values = kept.keep(device.zeros(layout.parameterCount()));
        gradients = kept.keep(device.zeros(layout.parameterCount()));
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
            Tensor leaf = values.narrow(0, tensor.offset(), tensor.length())
                    .view(shape)
                    .detach();
            leaf.set_requires_grad(true);
            leaf.mutable_grad()
                    .put(gradients.narrow(0, tensor.offset(), tensor.length()).view(shape));
            leaves.put(tensor.name(), kept.keep(leaf));
        }
    }

    /** The leaf that autograd differentiates by. */
    Tensor tensor(String name) {
        Tensor leaf = leaves.get(name);
        if (leaf == null) {
            throw new IllegalArgumentException("no parameter tensor is called " + name);
        }
        return leaf;
    }

    ParameterLayout layout() {
        return layout;
    }

    /** All parameters, {@code [parameterCount]}; do not differentiate by it. */
    Tensor values() {
        return values;
    }

    /** All gradients, {@code [parameterCount]}. */
    Tensor gradients() {
        return gradients;
    }

    void zeroGradients() {
        gradients.zero_();
    }

    /** L2 norm of all gradients; NaN or infinite if one of them is. */
    double gradientNorm() {
        return gradients.norm(new Scalar(2)).item_double();
    }

    void load(float[] flat) {
        values.copy_(device.floats(flat, flat.length));
    }

    @Override
    public void close() {
        kept.close();
    }
}
