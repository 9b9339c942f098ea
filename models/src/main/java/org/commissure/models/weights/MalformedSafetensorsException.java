package org.commissure.models.weights;

import java.io.IOException;

/** A file that is not safetensors, is damaged, or holds other tensors than expected. Names the problem, no values. */
public final class MalformedSafetensorsException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedSafetensorsException(String problem) {
        super(problem);
    }

    public MalformedSafetensorsException(String problem, Throwable cause) {
        super(problem, cause);
    }
}
