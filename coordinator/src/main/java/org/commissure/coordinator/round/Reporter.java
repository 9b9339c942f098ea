package org.commissure.coordinator.round;

import java.io.IOException;
import java.nio.file.Path;
import org.commissure.protocol.study.StudyFile;

/** Writes what people read after a run. Found through {@link java.util.ServiceLoader}. */
public interface Reporter {

    /**
     * Called once a run has ended, possibly again after a crash; files are replaced atomically.
     *
     * @param runFolder receives the report
     * @param logFolder the transparency log, complete up to the end of the run
     */
    void write(RunSummary summary, StudyFile study, Path runFolder, Path logFolder) throws IOException;
}
