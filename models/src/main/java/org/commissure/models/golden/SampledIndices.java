package org.commissure.models.golden;

import java.util.stream.IntStream;

/** Where large tensors were sampled: NumPy's {@code unique(linspace(0, n − 1, 512).astype(int64))}. */
final class SampledIndices {
    private static final int SAMPLES = 512;

    private SampledIndices() {}

    /** Ascending flat indices into a tensor of {@code length} values. */
    static int[] of(int length) {
        double step = (length - 1) / (double) (SAMPLES - 1);
        return IntStream.range(0, SAMPLES)
                .map(i -> i == SAMPLES - 1 ? length - 1 : (int) (i * step)) // linspace sets the end exactly
                .distinct()
                .toArray();
    }
}
