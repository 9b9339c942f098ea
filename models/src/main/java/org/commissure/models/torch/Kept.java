package org.commissure.models.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Tensors that outlive the scope in which they were made; freed together. */
final class Kept implements AutoCloseable {
    private final List<Tensor> tensors = new ArrayList<>();

    Tensor keep(Tensor tensor) {
        tensor.retainReference();
        tensors.add(tensor);
        return tensor;
    }

    @Override
    public void close() {
        tensors.forEach(Tensor::releaseReference);
        tensors.clear();
    }
}
