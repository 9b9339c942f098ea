package org.commissure.site.cohort;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ObjIntConsumer;
import java.util.stream.Collectors;
import org.commissure.models.durable.AtomicFile;
import org.commissure.models.durable.AtomicFolder;
import org.commissure.models.npy.NpyWriter;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.reading.Confounds;
import org.commissure.site.cohort.reading.ParcelSeries;
import org.commissure.site.cohort.reading.Scrubbing;
import org.commissure.site.cohort.reading.SeriesReading;
import org.commissure.site.cohort.reading.UnreadableSeriesException;

/**
 * Writes the admitted patients of a folder, whatever its formats, as the folder that training reads: {@code .npy} series
 * of parcels and a {@code participants.tsv} with every column of the source. Everything is written and forced to disk
 * beside the target, which then appears at once or not at all.
 */
public final class CohortImport {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private final Admission admission;
    private final SeriesReading reading;
    private final Optional<String> atlas;
    private final OptionalDouble scrubMillimetres;
    private final List<Subject> written = new ArrayList<>();
    private final List<Rejection> rejected;
    private final List<Note> notes;
    private final Map<String, Integer> scrubbedFrames = new LinkedHashMap<>();

    /**
     * @param reading as the admission was read
     * @param atlas the label to name files by, of what averaged voxels or grayordinates
     * @param scrubMillimetres frames that moved more are replaced, see {@link Scrubbing}; needs confounds tables
     */
    public CohortImport(
            Admission admission, SeriesReading reading, Optional<String> atlas, OptionalDouble scrubMillimetres) {
        this.admission = admission;
        this.reading = reading;
        this.atlas = atlas;
        this.scrubMillimetres = scrubMillimetres;
        this.rejected = new ArrayList<>(admission.rejected());
        this.notes = new ArrayList<>(admission.notes());
    }

    /**
     * Writes the folder; once.
     *
     * @param out must not exist
     * @param progress told of each patient that is done, and how many are
     * @return the admission with what the import itself rejected; nothing is written if nobody is left
     * @throws UserError if {@code out} exists or cannot be written
     */
    public Admission write(Path out, ObjIntConsumer<String> progress) {
        if (Files.exists(out)) {
            throw new UserError(out + " exists already", "name a new folder after --out");
        }
        try {
            AtomicFolder.create(out, partial -> {
                for (Subject subject : admission.admitted()) {
                    one(partial, subject);
                    progress.accept(subject.participantId(), written.size());
                }
                if (!written.isEmpty()) {
                    describe(partial);
                }
                return !written.isEmpty();
            });
        } catch (IOException e) {
            throw new UserError("cannot write the cohort to " + out, "check permissions and free space", e);
        }
        return new Admission(admission.folder(), admission.rules(), admission.variant(), written, rejected, notes);
    }

    private void one(Path target, Subject subject) throws IOException {
        List<ScanSeries> kept = new ArrayList<>();
        List<Rejection> lost = new ArrayList<>();
        for (ScanSeries scan : subject.scans()) {
            Optional<ParcelSeries> series = read(subject, scan, lost);
            if (series.isPresent()) {
                Path func = Files.createDirectories(
                        target.resolve(subject.participantId()).resolve("func"));
                AtomicFile.write(
                        func.resolve(name(subject, kept.size())),
                        NpyWriter.bytes(series.get().values(), scan.parcels(), scan.frames()));
                kept.add(scan);
            }
        }
        if (kept.isEmpty()) {
            rejected.add(lost.getFirst());
            return;
        }
        lost.forEach(scan -> notes.add(new Note(scan.participantId(), scan.file(), "left out: " + scan.message())));
        written.add(new Subject(subject.participantId(), kept, subject.family()));
    }

    /** Empty if the scan cannot be imported; {@code lost} says why. */
    private Optional<ParcelSeries> read(Subject subject, ScanSeries scan, List<Rejection> lost) throws IOException {
        ParcelSeries series;
        try (SeriesFile file = SeriesFile.open(scan.file(), reading)) {
            series = new ParcelSeries(
                    file.load(), file.parcels(), file.frames(), file.repetitionTimeSeconds(), file.word());
        } catch (SeriesException e) {
            lost.add(rejection(subject, scan, e.reason(), String.valueOf(e.getMessage())));
            return Optional.empty();
        }
        if (!SeriesInspection.digest(series.values(), series.parcels(), series.frames())
                .equals(scan.sha256())) {
            lost.add(rejection(subject, scan, RejectionReason.CORRUPT_FILE, "changed while it was imported"));
            return Optional.empty();
        }
        return scrubMillimetres.isPresent() ? scrubbed(subject, scan, series, lost) : Optional.of(series);
    }

    private Optional<ParcelSeries> scrubbed(Subject subject, ScanSeries scan, ParcelSeries series, List<Rejection> lost)
            throws IOException {
        Optional<Confounds> confounds;
        try {
            confounds = Confounds.beside(scan.file());
            if (confounds.isEmpty()) {
                lost.add(
                        rejection(subject, scan, RejectionReason.MOTION_UNKNOWN, "has no confounds table to scrub by"));
                return Optional.empty();
            }
            Scrubbing scrubbing = Scrubbing.of(series, confounds.get(), scrubMillimetres.orElseThrow());
            int replaced = series.frames() - scrubbing.kept();
            if (scrubbing.kept() < admission.rules().minimumFrames()) {
                lost.add(rejection(
                        subject,
                        scan,
                        RejectionReason.TOO_SHORT,
                        "keeps " + scrubbing.kept() + " frames after scrubbing; at least "
                                + admission.rules().minimumFrames() + " are needed"));
                return Optional.empty();
            }
            scrubbedFrames.merge(subject.participantId(), replaced, Integer::sum);
            if (replaced > 0) {
                notes.add(
                        new Note(subject.participantId(), relative(scan), replaced + " frames replaced by scrubbing"));
            }
            return Optional.of(scrubbing.series());
        } catch (UnreadableSeriesException e) {
            lost.add(rejection(subject, scan, RejectionReason.MOTION_UNKNOWN, String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    /** @param before how many scans of the patient have been written */
    private String name(Subject subject, int before) {
        SeriesVariant variant = admission.variant();
        String label = variant.atlas().isEmpty() ? atlas.orElse("") : variant.atlas();
        String description = variant.description().isEmpty() ? "" : "_desc-" + variant.description();
        String run = subject.scans().size() > 1 ? "_run-" + (before + 1) : "";
        return subject.participantId() + "_task-rest" + run + (label.isEmpty() ? "" : "_atlas-" + label) + description
                + "_timeseries.npy";
    }

    private void describe(Path target) throws IOException {
        Participants source = Participants.of(admission.folder());
        List<String> columns = new ArrayList<>(source.columns());
        for (String column : List.of("repetition_time", "n_volumes", "n_scrubbed")) {
            if (!columns.contains(column) && (!column.equals("n_scrubbed") || scrubMillimetres.isPresent())) {
                columns.add(column);
            }
        }
        Map<String, Subject> byId =
                written.stream().collect(Collectors.toMap(Subject::participantId, subject -> subject));
        StringBuilder table = new StringBuilder(String.join("\t", columns)).append('\n');
        for (Participants.Row row : source.rows()) {
            Subject subject = byId.get(row.participantId());
            if (subject != null) {
                Map<String, String> cells = new LinkedHashMap<>(row.known());
                cells.put("repetition_time", Double.toString(subject.repetitionTimeSeconds()));
                cells.put("n_volumes", Integer.toString(subject.frames()));
                cells.put("n_scrubbed", Integer.toString(scrubbedFrames.getOrDefault(row.participantId(), 0)));
                table.append(columns.stream()
                                .map(column -> cells.getOrDefault(column, "n/a"))
                                .collect(Collectors.joining("\t")))
                        .append('\n');
            }
        }
        AtomicFile.write(target.resolve(CohortFolder.TABLE), table.toString());
        Path dictionary = admission.folder().resolve("participants.json");
        if (Files.isRegularFile(dictionary)) {
            AtomicFile.write(target.resolve("participants.json"), Files.readAllBytes(dictionary));
        }
        AtomicFile.write(
                target.resolve("dataset_description.json"),
                JSON.writerWithDefaultPrettyPrinter()
                                .writeValueAsString(Map.of(
                                        "Name", "Parcel series imported for federated training",
                                        "BIDSVersion", "1.8.0",
                                        "DatasetType", "derivative",
                                        "GeneratedBy", List.of(Map.of("Name", "commissure cohort import"))))
                        + "\n");
    }

    private Rejection rejection(Subject subject, ScanSeries scan, RejectionReason reason, String message) {
        return new Rejection(subject.participantId(), relative(scan), reason, message);
    }

    private String relative(ScanSeries scan) {
        return admission.folder().relativize(scan.file()).toString();
    }
}
