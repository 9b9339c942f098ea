package org.commissure.models.training;

import java.io.IOException;

/** One patient's series where it lies; read when it is needed, so that a cohort need not fit in memory. */
public interface Scan {
    int parcels();

    /** Frames of the whole series. */
    int frames();

    /**
     * The series, {@code [parcels, frames]} row-major. Called from a background thread, one call at a time.
     *
     * @throws IOException if the file is missing or damaged; the message never names the patient
     */
    float[] load() throws IOException;
}
