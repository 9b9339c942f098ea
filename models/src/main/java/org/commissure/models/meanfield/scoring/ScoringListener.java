package org.commissure.models.meanfield.scoring;

/** Told how far a call of a {@link Scorer} is. Called by the threads that work; implementations are thread-safe. */
@FunctionalInterface
public interface ScoringListener {
    /** Hears nothing. */
    ScoringListener NONE = (done, all) -> {};

    /** @param done simulations finished of {@code all} of this call */
    void simulated(int done, int all);
}
