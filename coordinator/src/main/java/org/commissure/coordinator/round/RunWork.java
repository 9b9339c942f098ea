package org.commissure.coordinator.round;

import java.io.IOException;

/** The long work of a run, off the run's thread where it can be. */
public interface RunWork {

    /**
     * Opens a sum from what is on disk. The same input gives the same result, so it may run again.
     *
     * @return {@link RunEvent.SumComputed}, or {@link RunEvent.SumFailed} where the shares, the
     *     uploads or the values do not allow a result
     * @throws IOException if the coordinator's own disk fails, which ends the run
     */
    RunEvent open(RunState run, Transcript transcript, long atUnixMs) throws IOException;

    /** Writes the folder of a run that has ended; replaces what is there. */
    void write(RunState run, RunSummary summary) throws IOException;
}
