package org.commissure.site.cohort;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.commissure.models.training.Scan;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.reading.SeriesReading;

/**
 * One admitted patient.
 *
 * @param series the file, in a format that holds parcels
 * @param seriesSha256 hex digest of the values, see {@link SeriesInspection}
 * @param family those who share it are on one side of every split; the participant id where none is known
 * @param phenotype what {@code participants.tsv} says in the columns that the rules ask for
 */
public record Subject(
        String participantId,
        Path series,
        int parcels,
        int frames,
        double repetitionTimeSeconds,
        String seriesSha256,
        String family,
        Map<String, String> phenotype) {
    public Subject {
        phenotype = Map.copyOf(phenotype);
    }

    /** A patient of no known phenotype. */
    public Subject(
            String participantId,
            Path series,
            int parcels,
            int frames,
            double repetitionTimeSeconds,
            String seriesSha256,
            String family) {
        this(participantId, series, parcels, frames, repetitionTimeSeconds, seriesSha256, family, Map.of());
    }

    /** A patient of no known family. */
    public Subject(
            String participantId,
            Path series,
            int parcels,
            int frames,
            double repetitionTimeSeconds,
            String seriesSha256) {
        this(participantId, series, parcels, frames, repetitionTimeSeconds, seriesSha256, participantId);
    }

    /**
     * Reads the series, row-major [parcels, frames].
     *
     * @throws UserError if the file can no longer be read, or is not the one that was admitted
     */
    public float[] load() {
        float[] values;
        String digest;
        try (SeriesFile file = SeriesFile.open(series, SeriesReading.ofParcels(parcels))) {
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

    /** What a cohort's seal says of this patient beside the name: the series, and the phenotype where one is asked for. */
    String sealed() {
        return phenotype.isEmpty() ? seriesSha256 : seriesSha256 + ":" + new TreeMap<>(phenotype);
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
