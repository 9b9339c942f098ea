package org.commissure.models.brainlm;

/** What is averaged over the values of the predicted patches. */
public enum Loss {
    /** Squared differences. */
    MSE,
    /** Absolute differences. */
    MAE
}
