package org.commissure.models.baseline;

import org.commissure.models.brainlm.MaskedAutoencoder;
import org.nd4j.linalg.api.buffer.DataType;

/** Opens baselines. */
public final class Baselines {
    private Baselines() {}

    /**
     * Allocates a model; call {@link MaskedAutoencoder#loadParameters} next, for example with {@link
     * BaselineInitialisation#parameters}, and close it on the thread that used it.
     *
     * @throws IllegalArgumentException if there are more parameters than a flat vector can hold, or the grid does not
     *     fit the parcels
     */
    public static MaskedAutoencoder open(BaselineConfiguration configuration) {
        return new Baseline(configuration, DataType.FLOAT);
    }
}
