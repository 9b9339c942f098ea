package org.commissure.site.cohort;

import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import org.commissure.models.training.Scan;
import org.commissure.protocol.UserError;

/** One scan of a subject as training sees it: without a name. */
record SubjectScan(Subject subject, ScanSeries series) implements Scan {
    @Override
    public int parcels() {
        return series.parcels();
    }

    @Override
    public int frames() {
        return series.frames();
    }

    @Override
    public OptionalDouble repetitionTimeSeconds() {
        return OptionalDouble.of(series.repetitionTimeSeconds());
    }

    @Override
    public List<Scan> ofThePatient() {
        return subject.scans().stream()
                .<Scan>map(scan -> new SubjectScan(subject, scan))
                .toList();
    }

    @Override
    public float[] load() throws IOException {
        try {
            return series.load();
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
