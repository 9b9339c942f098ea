package org.commissure.site.cohort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.commissure.protocol.UserError;

/**
 * The admission check: reads a BIDS-like folder ({@code participants.tsv}, {@code sub-*}{@code
 * /func/*_timeseries.npy}) and says of each participant whether it takes part, and if not, why.
 */
public final class CohortFolder {
    private static final Pattern PARTICIPANT = Pattern.compile("sub-[A-Za-z0-9]{1,64}");

    private final Path folder;
    private final CohortRules rules;
    private final SeriesFiles files;
    private final SeriesVariant variant;
    private final RepetitionTimes repetitionTimes;
    private final Map<String, Candidate> candidates = new TreeMap<>();
    private final List<Rejection> rejected = new ArrayList<>();

    /** A participant with one series of the right variant, read through once. */
    private record Candidate(Participants.Row row, Path file, SeriesInspection series) {}

    private CohortFolder(Path folder, CohortRules rules) throws IOException {
        this.folder = folder;
        this.rules = rules;
        this.files = SeriesFiles.of(folder);
        this.variant = files.choose(rules);
        this.repetitionTimes = RepetitionTimes.of(folder);
    }

    /**
     * Reads every series of the folder once. A damaged file only rejects its participant.
     *
     * @throws UserError if the folder or its {@code participants.tsv} cannot be read
     */
    public static Admission read(Path dir, CohortRules rules) {
        if (!Files.isDirectory(dir)) {
            throw new UserError("no folder " + dir, "point at the folder that holds participants.tsv");
        }
        Participants participants = Participants.read(dir.resolve("participants.tsv"));
        try {
            return new CohortFolder(dir, rules).admit(participants);
        } catch (IOException e) {
            throw new UserError("cannot read the cohort in " + dir, "check the folder's permissions", e);
        }
    }

    /**
     * The repetition times in seconds that a folder states, without an admission check.
     *
     * @param series of each participant
     * @return of those participants for whom one is stated; empty without {@code participants.tsv}
     */
    public static Map<String, Double> repetitionTimes(Path dir, Map<String, Path> series) throws IOException {
        Map<String, Double> seconds = new TreeMap<>();
        Path table = dir.resolve("participants.tsv");
        if (Files.isRegularFile(table)) {
            RepetitionTimes stated = RepetitionTimes.of(dir);
            for (Participants.Row row : Participants.read(table).rows()) {
                Path file = series.get(row.participantId());
                if (file != null) {
                    stated.seconds(row, file).ifPresent(value -> seconds.put(row.participantId(), value));
                }
            }
        }
        return seconds;
    }

    /** Whether {@code participants.tsv} of the folder has a row for the participant. @throws UserError as {@link #read} */
    public static boolean lists(Path dir, String participantId) {
        return Participants.read(dir.resolve("participants.tsv")).rows().stream()
                .anyMatch(row -> row.participantId().equals(participantId));
    }

    private Admission admit(Participants participants) {
        Map<String, List<Participants.Row>> rows = participants.rows().stream()
                .collect(Collectors.groupingBy(Participants.Row::participantId, TreeMap::new, Collectors.toList()));
        rows.forEach(this::examine);
        files.byParticipant().keySet().stream()
                .filter(id -> !rows.containsKey(id))
                .forEach(id -> reject(
                        id,
                        folder.resolve(id),
                        RejectionReason.NOT_IN_PARTICIPANTS,
                        "has a folder, but no row in participants.tsv"));

        Map<String, List<String>> holders = new HashMap<>();
        candidates.forEach(
                (id, candidate) -> holders.computeIfAbsent(candidate.series().sha256(), digest -> new ArrayList<>())
                        .add(id));
        List<Subject> admitted = new ArrayList<>();
        candidates.forEach((id, candidate) -> {
            List<String> others = holders.getOrDefault(candidate.series().sha256(), List.of()).stream()
                    .filter(other -> !other.equals(id))
                    .toList();
            judge(id, candidate, others, admitted);
        });
        rejected.sort(Comparator.comparing(Rejection::participantId));
        return new Admission(folder, rules, variant, admitted, rejected);
    }

    /** Everything that can be said before the series are compared with each other. */
    private void examine(String id, List<Participants.Row> rows) {
        Path table = folder.resolve("participants.tsv");
        if (!PARTICIPANT.matcher(id).matches()) {
            reject(
                    id.replaceAll("[^\\x20-\\x7e]", "?"),
                    table,
                    RejectionReason.BAD_PARTICIPANT_ID,
                    "is not a participant id");
            return;
        }
        if (rows.size() > 1) {
            reject(id, table, RejectionReason.DUPLICATE_PARTICIPANT, "has " + rows.size() + " rows");
            return;
        }
        List<Path> all = files.byParticipant().getOrDefault(id, List.of());
        List<Path> fitting = all.stream()
                .filter(file -> SeriesVariant.of(file).equals(variant))
                .toList();
        if (all.isEmpty()) {
            reject(id, folder.resolve(id).resolve("func"), RejectionReason.MISSING_FILE, "holds no *_timeseries.npy");
        } else if (fitting.isEmpty()) {
            reject(
                    id,
                    all.getFirst(),
                    RejectionReason.PIPELINE_MISMATCH,
                    "is " + SeriesVariant.of(all.getFirst()) + ", but this cohort is read as " + variant);
        } else if (fitting.size() > 1) {
            reject(
                    id,
                    fitting.get(1),
                    RejectionReason.SEVERAL_SERIES,
                    "is one of " + fitting.size() + " series (" + variant + ")");
        } else {
            inspect(rows.getFirst(), fitting.getFirst());
        }
    }

    private void inspect(Participants.Row row, Path file) {
        String id = row.participantId();
        try {
            candidates.put(id, new Candidate(row, file, SeriesInspection.of(file)));
        } catch (SeriesException e) {
            reject(id, file, e.reason(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            reject(
                    id,
                    file,
                    RejectionReason.CORRUPT_FILE,
                    "cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private void judge(String id, Candidate candidate, List<String> others, List<Subject> admitted) {
        SeriesInspection series = candidate.series();
        Path file = candidate.file();
        if (series.parcels() != rules.parcels()) {
            reject(
                    id,
                    file,
                    RejectionReason.WRONG_PARCEL_COUNT,
                    "has " + series.parcels() + " parcels, not " + rules.parcels());
        } else if (series.frames() < rules.minimumFrames()) {
            reject(
                    id,
                    file,
                    RejectionReason.TOO_SHORT,
                    "has " + series.frames() + " frames; at least " + rules.minimumFrames() + " are needed");
        } else if (series.notFinite() > 0) {
            reject(id, file, RejectionReason.NOT_FINITE, "has " + series.notFinite() + " NaN or infinite values");
        } else if (!series.constantParcels().isEmpty()) {
            reject(id, file, RejectionReason.CONSTANT_PARCELS, "has " + constant(series.constantParcels()));
        } else if (!others.isEmpty()) {
            reject(
                    id,
                    file,
                    RejectionReason.DUPLICATE_SERIES,
                    "holds the same values as the series of " + String.join(", ", others));
        } else {
            repetitionTimes
                    .seconds(candidate.row(), file)
                    .ifPresentOrElse(
                            seconds -> admitted.add(
                                    new Subject(id, file, series.parcels(), series.frames(), seconds, series.sha256())),
                            () -> reject(
                                    id,
                                    file,
                                    RejectionReason.REPETITION_TIME_MISSING,
                                    "has no repetition time between 0 and 60 s"));
        }
    }

    private static String constant(List<Integer> parcels) {
        String list = parcels.stream().limit(8).map(String::valueOf).collect(Collectors.joining(", "));
        return parcels.size() + " constant parcels: " + list + (parcels.size() > 8 ? ", …" : "");
    }

    private void reject(String id, Path file, RejectionReason reason, String message) {
        rejected.add(new Rejection(id, folder.relativize(file).toString(), reason, message));
    }
}
