package org.commissure.coordinator.round;

import org.jspecify.annotations.Nullable;

/** Is told what happened to runs, once it is durable; on the run's thread, so it must be quick and may not throw. */
@FunctionalInterface
public interface RunObserver {
    /**
     * An event was applied.
     *
     * @param before null where the run begins with this event
     */
    void happened(RunEvent event, @Nullable RunState before, RunState after);
}
