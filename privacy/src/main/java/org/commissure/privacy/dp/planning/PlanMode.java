package org.commissure.privacy.dp.planning;

/** Who adds how much noise. */
public enum PlanMode {
    /** Each site adds all the noise that its own patients need, in every local step. */
    LOCAL,

    /** Sites add shares of discrete noise inside the secure sum, for one gradient a round. */
    DISTRIBUTED;

    /** As commands and studies spell it. */
    public String label() {
        return this == LOCAL ? "local" : "distributed";
    }
}
