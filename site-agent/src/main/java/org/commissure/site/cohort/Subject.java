package org.commissure.site.cohort;

import java.io.IOException;
import java.nio.file.Path;
import org.commissure.models.training.Scan;
import org.commissure.protocol.UserError;

/**
 * One admitted patient.
 *
 * @param series the {@code .npy} file, an array [parcels, frames]
 * @param seriesSha256 hex digest of the values, see {@link SeriesInspection}
 */
public record Subject(
        String participantId, Path series, int parcels, int frames, double repetitionTimeSeconds, String seriesSha256) {

    /**
     * Reads the series, row-major [parcels, frames].
     *
     * @throws UserError if the file can no longer be read, or is not the one that was admitted
     */
    public float[] load() {
        float[] values;
        String digest;
        try (SeriesFile file = SeriesFile.open(series)) {
            values = file.load();
            digest = SeriesInspection.digest(values, file.parcels(), file.frames());
        } catch (IOException | SeriesException e) {
            throw new UserError(
                    "a series that was admitted can no longer be read", "run 'cohort check' on the folder again", e);
        }
        if (!digest.equals(seriesSha256)) {
            throw new UserError(
                    "a series changed after it was admitted",
                    "put the original file back, or restart the site so that it admits its cohort anew");
        }
        return values;
    }

    /** The same patient as training sees it: a scan without a name. */
    public Scan scan() {
        return new SubjectScan(this);
    }

    /** Leaves the participant and the path out: this may end in a log. */
    @Override
    public String toString() {
        return "Subject[" + parcels + " parcels, " + frames + " frames]";
    }
}
