package org.commissure.site.compute;

/** Told how far local work is; called often, on the thread that works. */
@FunctionalInterface
public interface WorkProgress {
    /** @param fraction in [0, 1]; depends on the plan only, not on who was sampled */
    void at(double fraction);
}
