package org.commissure.models.brainlm;

/** Which encoder rows stand for a window. */
public enum Pooling {
    /** The CLS token's row. */
    CLS,
    /** The mean of all other rows. */
    MEAN
}
