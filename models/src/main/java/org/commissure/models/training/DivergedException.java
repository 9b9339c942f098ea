package org.commissure.models.training;

import java.util.Arrays;

/** Loss or gradient is NaN or infinite. The last checkpoint is untouched and from before. */
public final class DivergedException extends ArithmeticException {
    private static final long serialVersionUID = 1L;

    DivergedException(long step, int[] scans, ArithmeticException cause) {
        super("step " + step + " diverged on the batch of scans " + Arrays.toString(scans) + ": " + cause.getMessage());
        initCause(cause);
    }
}
