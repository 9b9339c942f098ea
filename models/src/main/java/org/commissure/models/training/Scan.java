package org.commissure.models.training;

import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;

/** One patient's series where it lies; read when it is needed, so that a cohort need not fit in memory. */
public interface Scan {
    int parcels();

    /** Frames of the whole series. */
    int frames();

    /** Seconds between two frames, if known; models that embed it need it. */
    default OptionalDouble repetitionTimeSeconds() {
        return OptionalDouble.empty();
    }

    /** Every scan of the same patient, at least this one: where a patient is the unit, they are one contribution. */
    default List<Scan> ofThePatient() {
        return List.of(this);
    }

    /**
     * The series, {@code [parcels, frames]} row-major. Called from a background thread, one call at a time.
     *
     * @throws IOException if the file is missing or damaged; the message never names the patient
     */
    float[] load() throws IOException;
}
