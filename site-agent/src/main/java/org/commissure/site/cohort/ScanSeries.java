package org.commissure.site.cohort;

import java.io.IOException;
import java.nio.file.Path;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.reading.SeriesReading;

/**
 * One admitted scan of a patient.
 *
 * @param file in a format that holds parcels
 * @param sha256 hex digest of the values, see {@link SeriesInspection}
 */
public record ScanSeries(Path file, int parcels, int frames, double repetitionTimeSeconds, String sha256) {

    /**
     * Reads the series, row-major [parcels, frames].
     *
     * @throws UserError if the file can no longer be read, or is not the one that was admitted
     */
    public float[] load() {
        float[] values;
        String digest;
        try (SeriesFile series = SeriesFile.open(file, SeriesReading.ofParcels(parcels))) {
            values = series.load();
            digest = SeriesInspection.digest(values, series.parcels(), series.frames());
        } catch (IOException | SeriesException e) {
            throw new UserError(
                    "a series that was admitted can no longer be read", "run 'cohort check' on the folder again", e);
        }
        if (!digest.equals(sha256)) {
            throw new UserError(
                    "a series changed after it was admitted",
                    "put the original file back, or restart the site so that it admits its cohort anew");
        }
        return values;
    }

    /** Leaves the path out: this may end in a log. */
    @Override
    public String toString() {
        return "ScanSeries[" + parcels + " parcels, " + frames + " frames]";
    }
}
