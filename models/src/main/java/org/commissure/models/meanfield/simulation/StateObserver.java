package org.commissure.models.meanfield.simulation;

/** Sees the state after each step, warm-up included; the state is overwritten by the next step. */
@FunctionalInterface
public interface StateObserver {
    void after(int step, RegionState state);
}
