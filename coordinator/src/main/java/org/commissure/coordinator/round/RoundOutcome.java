package org.commissure.coordinator.round;

/** How a round ended. */
public enum RoundOutcome {
    /** Round 0: the model the run started from, evaluated and not trained. */
    INITIAL,
    /** A sum was opened and the model updated. */
    RELEASED,
    /** Every attempt failed; the model is unchanged. */
    ABORTED
}
