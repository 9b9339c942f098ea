package org.commissure.models.torch;

/** How {@link TorchModel#step} multiplies matrices; parameters, gradients and moments are float32 in any case. */
public enum Precision {
    FLOAT32,
    /** bfloat16 autocast: products in bfloat16, norms, softmax sums and the loss in float32. */
    BFLOAT16
}
