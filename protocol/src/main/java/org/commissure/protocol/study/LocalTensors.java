package org.commissure.protocol.study;

import java.util.List;

/**
 * Tensors that each site trains for itself and keeps (FedBN, Li et al. 2021; personal heads, Arivazhagan et al. 2019).
 *
 * @param tensors {@code normalisation}, {@code head}, names, or names with {@code *} for any text
 */
public record LocalTensors(List<String> tensors) {
    static final String KEY = "training.local.tensors";

    public LocalTensors {
        tensors = TensorNames.checked(KEY, tensors);
    }
}
