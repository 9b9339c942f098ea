package org.commissure.protocol.study;

import java.util.List;

/**
 * Tensors that nobody trains: partial updates.
 *
 * @param frozen as {@link LocalTensors#tensors}
 */
public record FrozenTensors(List<String> frozen) {
    static final String KEY = "training.partial.frozen";

    public FrozenTensors {
        frozen = TensorNames.checked(KEY, frozen);
    }
}
