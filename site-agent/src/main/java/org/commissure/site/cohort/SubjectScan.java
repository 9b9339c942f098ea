package org.commissure.site.cohort;

import java.io.IOException;
import java.util.OptionalDouble;
import org.commissure.models.training.Scan;
import org.commissure.protocol.UserError;

/** A subject as training sees it: a scan without a name. */
record SubjectScan(Subject subject) implements Scan {
    @Override
    public int parcels() {
        return subject.parcels();
    }

    @Override
    public int frames() {
        return subject.frames();
    }

    @Override
    public OptionalDouble repetitionTimeSeconds() {
        return OptionalDouble.of(subject.repetitionTimeSeconds());
    }

    @Override
    public float[] load() throws IOException {
        try {
            return subject.load();
        } catch (UserError e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "SubjectScan";
    }
}
