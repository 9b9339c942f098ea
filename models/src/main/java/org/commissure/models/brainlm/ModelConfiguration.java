package org.commissure.models.brainlm;

import org.commissure.models.weights.ParameterLayout;

/** What training and evaluation must know of a model: how its windows are cut, masked and parametrised. */
public interface ModelConfiguration {
    /** Family name, for example {@code commissure}. */
    String preset();

    int parcels();

    /** Frames of one window. */
    int windowFrames();

    /** Tokens in one window; masks are drawn over them. */
    int tokens();

    /** Share of tokens masked in training unless the caller draws masks itself. */
    double maskRatio();

    /** Names, shapes and order of the flat parameter vector. */
    ParameterLayout layout();

    /** Values in one window, {@code parcels × windowFrames}. */
    default int windowLength() {
        return Math.multiplyExact(parcels(), windowFrames());
    }
}
