package org.commissure.models.training;

import java.io.IOException;

/** Is told what happens, on the thread that trains and in order. */
@FunctionalInterface
public interface TrainingListener {
    /** @throws IOException ends the run */
    void on(TrainingEvent event) throws IOException;

    /** Tells this one first, then the other. */
    default TrainingListener and(TrainingListener other) {
        return event -> {
            on(event);
            other.on(event);
        };
    }
}
