package org.commissure.site.cohort.reading;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A series as a file holds it.
 *
 * @param values row-major {@code [parcels, frames]}; owned by whoever holds the record
 * @param repetitionTimeSeconds what the file itself says, plausible or not; empty for formats that do not say
 * @param word what was done to get here that a person should know; empty for a plain read
 */
public record ParcelSeries(
        float[] values, int parcels, int frames, OptionalDouble repetitionTimeSeconds, Optional<String> word) {
    public ParcelSeries {
        if ((long) parcels * frames != values.length) {
            throw new IllegalArgumentException(values.length + " values are not " + parcels + " × " + frames);
        }
    }

    ParcelSeries(float[] values, int parcels, int frames) {
        this(values, parcels, frames, OptionalDouble.empty(), Optional.empty());
    }

    /** The series of a matrix that has one row for each frame. */
    static ParcelSeries ofFrames(float[] byFrame, int frames, int parcels) {
        float[] values = new float[byFrame.length];
        for (int frame = 0; frame < frames; frame++) {
            for (int parcel = 0; parcel < parcels; parcel++) {
                values[parcel * frames + frame] = byFrame[frame * parcels + parcel];
            }
        }
        return new ParcelSeries(values, parcels, frames);
    }

    /** The same series with another set of values, such as scrubbed ones. */
    public ParcelSeries with(float[] others) {
        return new ParcelSeries(others, parcels, frames, repetitionTimeSeconds, word);
    }

    /** Values stay in the file. */
    @Override
    public String toString() {
        return "ParcelSeries[" + parcels + ", " + frames + "]";
    }
}
