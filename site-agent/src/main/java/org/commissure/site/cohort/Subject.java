package org.commissure.site.cohort;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.commissure.models.training.Scan;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.PhenotypePlan;

/**
 * One admitted patient, the unit of privacy: all scans together are one contribution.
 *
 * @param scans at least one, of one repetition time; by session and run
 * @param family those who share it are on one side of every split; the participant id where none is known
 * @param phenotype what {@code participants.tsv} says in the columns that the rules ask for
 */
public record Subject(String participantId, List<ScanSeries> scans, String family, Map<String, String> phenotype) {
    public Subject {
        scans = List.copyOf(scans);
        phenotype = Map.copyOf(phenotype);
        if (scans.isEmpty()) {
            throw new IllegalArgumentException("a patient has a scan");
        }
    }

    /** A patient of no known phenotype. */
    public Subject(String participantId, List<ScanSeries> scans, String family) {
        this(participantId, scans, family, Map.of());
    }

    /** A patient with one scan. */
    public Subject(
            String participantId,
            Path series,
            int parcels,
            int frames,
            double repetitionTimeSeconds,
            String seriesSha256,
            String family) {
        this(
                participantId,
                List.of(new ScanSeries(series, parcels, frames, repetitionTimeSeconds, seriesSha256)),
                family);
    }

    /** A patient with one scan and of no known family. */
    public Subject(
            String participantId,
            Path series,
            int parcels,
            int frames,
            double repetitionTimeSeconds,
            String seriesSha256) {
        this(participantId, series, parcels, frames, repetitionTimeSeconds, seriesSha256, participantId);
    }

    /** The first scan's file. */
    public Path series() {
        return scans.getFirst().file();
    }

    public int parcels() {
        return scans.getFirst().parcels();
    }

    /** Of the first scan. */
    public int frames() {
        return scans.getFirst().frames();
    }

    public double repetitionTimeSeconds() {
        return scans.getFirst().repetitionTimeSeconds();
    }

    /** Names every value of every scan; of a patient with one scan it is that one's digest. */
    public String seriesSha256() {
        return scans.stream().map(ScanSeries::sha256).collect(Collectors.joining(","));
    }

    /**
     * Reads the first scan, row-major [parcels, frames].
     *
     * @throws UserError if the file can no longer be read, or is not the one that was admitted
     */
    public float[] load() {
        return scans.getFirst().load();
    }

    /** What a cohort's seal says of this patient beside the name: the series, and the phenotype where one is asked for. */
    String sealed() {
        return phenotype.isEmpty() ? seriesSha256() : seriesSha256() + ":" + new TreeMap<>(phenotype);
    }

    /**
     * What the patient's row says in a column that the rules ask for: the number, or the place of the class.
     *
     * @throws IllegalArgumentException if it says nothing there, which the admission check refuses
     */
    public double value(PhenotypePlan.Column column) {
        String text = phenotype.get(column.column());
        if (text == null) {
            throw new IllegalArgumentException("a patient without " + column.column());
        }
        return column.classes().isPresent() ? column.classes().get().indexOf(text) : Double.parseDouble(text);
    }

    /** As {@link #value}; empty where the row says nothing there, no finite number or none of the classes. */
    public OptionalDouble known(PhenotypePlan.Column column) {
        String text = phenotype.get(column.column());
        boolean usable = text != null
                && column.classes().map(names -> names.contains(text)).orElseGet(() -> PhenotypeChecks.isNumber(text));
        return usable ? OptionalDouble.of(value(column)) : OptionalDouble.empty();
    }

    /** The same patient as training sees it: scans without a name. */
    public Scan scan() {
        return new SubjectScan(this, scans.getFirst());
    }

    /** Leaves the participant and the path out: this may end in a log. */
    @Override
    public String toString() {
        return "Subject[" + parcels() + " parcels, " + frames() + " frames]";
    }
}
