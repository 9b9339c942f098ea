package org.commissure.site.compute;

import java.io.IOException;

/** One patient's series where it lies; read when it is needed, so that a cohort need not fit in memory. */
public interface Patient {
    int parcels();

    /** Frames of the whole series; at least one window. */
    int frames();

    /**
     * The series, {@code [parcels, frames]} row-major.
     *
     * @throws IOException if the file is missing or damaged; the message never names the patient
     */
    float[] load() throws IOException;
}
