package org.commissure.models.brainlm;

/** What a model may know of one value of a window under a mask. */
public enum Sight {
    /** The model sees it. */
    VISIBLE,
    /** The model has to predict it. */
    MASKED,
    /** Neither: padding, or left out to save time. */
    ABSENT
}
