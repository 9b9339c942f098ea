package org.commissure.models.finetune;

/** What a head predicts. */
public enum Task {
    /** A number. */
    REGRESSION,
    /** One of several classes, counted from 0. */
    CLASSIFICATION
}
