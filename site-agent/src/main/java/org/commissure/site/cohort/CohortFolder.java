package org.commissure.site.cohort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.reading.SeriesReading;

/**
 * The admission check: reads a folder with a {@code participants.tsv} and series in any format that is read, and says of
 * each participant whether it takes part, and if not, why.
 */
public final class CohortFolder {
    static final String TABLE = "participants.tsv";

    /** Members of a family share a value. */
    static final String FAMILY = "family_id";

    private static final Pattern PARTICIPANT = Pattern.compile("sub-[A-Za-z0-9]{1,64}");
    private static final Pattern SESSION = Pattern.compile("_(ses-[A-Za-z0-9]+)");
    private static final Pattern SESSION_OR_RUN = Pattern.compile("_(ses|run)-[A-Za-z0-9]+");

    private final Path folder;
    private final CohortRules rules;
    private final SeriesReading reading;
    private final SeriesFiles files;
    private final SeriesVariant variant;
    private final RepetitionTimes repetitionTimes;
    private final Map<String, List<Candidate>> candidates = new TreeMap<>();
    private final List<Rejection> rejected = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();

    private CohortFolder(Path folder, CohortRules rules, SeriesReading reading, Participants participants)
            throws IOException {
        this.folder = folder;
        this.rules = rules;
        this.reading = reading;
        this.files = SeriesFiles.of(
                folder,
                participants.rows().stream()
                        .map(Participants.Row::participantId)
                        .toList());
        this.variant = files.choose(rules, reading);
        this.repetitionTimes = RepetitionTimes.of(folder);
    }

    /**
     * Reads every series of the folder that holds parcels once. A damaged file only rejects its participant.
     *
     * @throws UserError if the folder or its {@code participants.tsv} cannot be read
     */
    public static Admission read(Path dir, CohortRules rules) {
        return read(dir, rules, SeriesReading.ofParcels(rules.parcels()));
    }

    /**
     * The same, also of series that an atlas must average.
     *
     * @param reading expects as many parcels as the rules
     */
    public static Admission read(Path dir, CohortRules rules, SeriesReading reading) {
        if (!Files.isDirectory(dir)) {
            throw new UserError("no folder " + dir, "point at the folder that holds participants.tsv");
        }
        Participants participants = Participants.of(dir);
        missing(participants, rules).ifPresent(column -> {
            throw new UserError(
                    dir.resolve(TABLE) + " has no column " + column + ", and no table in phenotype/ has one",
                    "add it, or ask for one of " + String.join(", ", participants.columns()));
        });
        try {
            return new CohortFolder(dir, rules, reading, participants).admit(participants);
        } catch (IOException e) {
            throw new UserError("cannot read the cohort in " + dir, "check the folder's permissions", e);
        }
    }

    /** The first column that the rules ask for and the folder's {@code participants.tsv} lacks. @throws UserError as {@link #read} */
    public static Optional<String> missingColumn(Path dir, CohortRules rules) {
        return missing(Participants.of(dir), rules);
    }

    private static Optional<String> missing(Participants participants, CohortRules rules) {
        return rules.quality().columns().stream()
                .filter(column -> !participants.columns().contains(column))
                .findFirst();
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
            for (Participants.Row row : Participants.of(dir).rows()) {
                Path file = series.get(row.participantId());
                if (file != null) {
                    stated.seconds(row, file, OptionalDouble.empty())
                            .ifPresent(value -> seconds.put(row.participantId(), value));
                }
            }
        }
        return seconds;
    }

    /** Whether {@code participants.tsv} of the folder has a row for the participant. @throws UserError as {@link #read} */
    public static boolean lists(Path dir, String participantId) {
        return Participants.read(dir.resolve(TABLE)).rows().stream()
                .anyMatch(row -> row.participantId().equals(participantId));
    }

    private Admission admit(Participants participants) {
        Map<String, List<Participants.Row>> rows = participants.rows().stream()
                .collect(Collectors.groupingBy(Participants.Row::participantId, TreeMap::new, Collectors.toList()));
        rows.forEach((id, own) ->
                examine(id, own, Optional.ofNullable(participants.repeated().get(id))));
        files.byParticipant().keySet().stream()
                .filter(id -> !rows.containsKey(id))
                .forEach(id -> reject(
                        id,
                        folder.resolve(id),
                        RejectionReason.NOT_IN_PARTICIPANTS,
                        "has a folder, but no row in participants.tsv"));

        Map<String, SortedSet<String>> holders = new HashMap<>();
        List<Candidate> all = candidates.values().stream().flatMap(List::stream).toList();
        all.forEach(candidate -> holders.computeIfAbsent(candidate.series().sha256(), digest -> new TreeSet<>())
                .add(candidate.row().participantId()));
        Map<Path, Finding> strangers =
                BandPass.strangers(all, candidate -> seconds(candidate).orElse(Double.NaN));
        List<Subject> admitted = new ArrayList<>();
        candidates.values().forEach(scans -> judge(scans, holders, strangers, admitted));
        rejected.sort(Comparator.comparing(Rejection::participantId));
        return new Admission(folder, rules, variant, admitted, rejected, notes);
    }

    /**
     * Everything that can be said before the series are compared with each other.
     *
     * @param repeats a further table with several rows for one session of the participant
     */
    private void examine(String id, List<Participants.Row> rows, Optional<Path> repeats) {
        Path table = folder.resolve(TABLE);
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
        if (repeats.isPresent()) {
            reject(id, repeats.get(), RejectionReason.DUPLICATE_PARTICIPANT, "has several rows for one session");
            return;
        }
        Optional<Finding> phenotype = PhenotypeChecks.of(rows.getFirst(), rules.quality());
        if (phenotype.isPresent()) {
            reject(id, table, phenotype.get());
            return;
        }
        List<Path> all = files.byParticipant().getOrDefault(id, List.of());
        List<Path> fitting = all.stream()
                .filter(file -> SeriesVariant.of(file).equals(variant))
                .toList();
        List<Path> first = firstSession(fitting);
        Set<String> kinds = first.stream().map(CohortFolder::kind).collect(Collectors.toSet());
        if (all.isEmpty()) {
            reject(
                    id,
                    folder.resolve(id).resolve("func"),
                    RejectionReason.MISSING_FILE,
                    "holds no series in a format that is read");
        } else if (fitting.isEmpty()) {
            reject(
                    id,
                    all.getFirst(),
                    RejectionReason.PIPELINE_MISMATCH,
                    "is " + SeriesVariant.of(all.getFirst()) + ", but this cohort is read as " + variant);
        } else if (kinds.size() > 1) {
            reject(
                    id,
                    first.get(1),
                    RejectionReason.SEVERAL_SERIES,
                    "is one of " + first.size() + " series (" + variant + ")");
        } else {
            inspect(
                    rows.getFirst(),
                    fitting.stream()
                            .filter(file -> kinds.contains(kind(file)))
                            .sorted(Comparator.comparing(CohortFolder::session))
                            .toList());
        }
    }

    /** What a file is, whichever session and run it comes from. */
    private static String kind(Path file) {
        return SESSION_OR_RUN.matcher(file.getFileName().toString()).replaceAll("");
    }

    /** Of several sessions the first by name: what BIDS numbers, in order of time. */
    private static List<Path> firstSession(List<Path> files) {
        TreeMap<String, List<Path>> sessions =
                files.stream().collect(Collectors.groupingBy(CohortFolder::session, TreeMap::new, Collectors.toList()));
        return sessions.isEmpty() ? List.of() : sessions.firstEntry().getValue();
    }

    private static String session(Path file) {
        Matcher session = SESSION.matcher(file.getFileName().toString());
        return session.find() ? session.group(1) : "";
    }

    /** Reads a patient's scans through; a patient of whom none can be read is rejected with the first one's failure. */
    private void inspect(Participants.Row row, List<Path> scans) {
        String id = row.participantId();
        List<Candidate> read = new ArrayList<>();
        Map<Path, Finding> unread = new LinkedHashMap<>();
        for (Path file : scans) {
            try {
                read.add(new Candidate(row, file, SeriesInspection.of(file, reading)));
            } catch (SeriesException e) {
                unread.put(file, new Finding(e.reason(), String.valueOf(e.getMessage())));
            } catch (IOException e) {
                unread.put(
                        file,
                        new Finding(
                                RejectionReason.CORRUPT_FILE,
                                "cannot be read: " + e.getClass().getSimpleName()));
            }
        }
        if (read.isEmpty()) {
            Map.Entry<Path, Finding> first = unread.entrySet().iterator().next();
            reject(id, first.getKey(), first.getValue());
            return;
        }
        unread.forEach((file, finding) -> leaveOut(id, file, finding.message()));
        candidates.put(id, read);
    }

    /** Admits a patient with every scan that nothing speaks against, if there is one. */
    private void judge(
            List<Candidate> scans,
            Map<String, SortedSet<String>> holders,
            Map<Path, Finding> strangers,
            List<Subject> admitted) {
        Participants.Row row = scans.getFirst().row();
        String id = row.participantId();
        List<ScanSeries> taken = new ArrayList<>();
        Map<Path, Finding> refused = new LinkedHashMap<>();
        for (Candidate candidate : scans) {
            List<String> others = holders.getOrDefault(candidate.series().sha256(), new TreeSet<>()).stream()
                    .filter(other -> !other.equals(id))
                    .toList();
            OptionalDouble seconds = seconds(candidate);
            Optional<Finding> finding = candidate
                    .finding(rules, seconds, others, Optional.ofNullable(strangers.get(candidate.file())))
                    .or(() -> besides(taken, candidate, seconds.orElseThrow()));
            if (finding.isPresent()) {
                refused.put(candidate.file(), finding.get());
            } else {
                taken.add(candidate.admitted(seconds.orElseThrow()));
                candidate.series().word().ifPresent(word -> note(id, candidate.file(), word));
            }
        }
        Optional<Map.Entry<Path, Finding>> shared = refused.entrySet().stream()
                .filter(one -> taken.isEmpty() || one.getValue().reason() == RejectionReason.DUPLICATE_SERIES)
                .findFirst();
        if (shared.isPresent()) {
            reject(id, shared.get().getKey(), shared.get().getValue());
            return;
        }
        refused.forEach((file, finding) -> leaveOut(id, file, finding.message()));
        if (taken.size() > 1) {
            note(id, taken.getFirst().file(), "first of " + taken.size() + " scans, which are one contribution");
        }
        admitted.add(new Subject(
                id, taken, row.cell(FAMILY).map(family -> "family " + family).orElse(id), phenotype(row)));
    }

    private Map<String, String> phenotype(Participants.Row row) {
        Map<String, String> asked = new HashMap<>();
        Stream.concat(rules.quality().columns().stream(), rules.quality().noted().stream())
                .forEach(column -> row.cell(column).ifPresent(value -> asked.put(column, value)));
        return asked;
    }

    /** What speaks against a further scan of a patient. */
    private static Optional<Finding> besides(List<ScanSeries> taken, Candidate candidate, double seconds) {
        if (taken.stream()
                .anyMatch(scan -> scan.sha256().equals(candidate.series().sha256()))) {
            return Optional.of(new Finding(RejectionReason.SEVERAL_SERIES, "holds the values of an earlier scan"));
        }
        return taken.stream()
                .filter(scan -> Math.abs(scan.repetitionTimeSeconds() - seconds) > QualityRules.TOLERANCE_SECONDS)
                .findFirst()
                .map(scan -> new Finding(
                        RejectionReason.REPETITION_TIME_MISMATCH,
                        "has a repetition time of " + seconds + " s, the patient's first scan "
                                + scan.repetitionTimeSeconds() + " s"));
    }

    private void leaveOut(String id, Path file, String why) {
        note(id, file, "left out, the patient's other scans take part: " + why);
    }

    private OptionalDouble seconds(Candidate candidate) {
        return repetitionTimes.seconds(
                candidate.row(), candidate.file(), candidate.series().repetitionTimeSeconds());
    }

    private void note(String id, Path file, String text) {
        notes.add(new Note(id, folder.relativize(file).toString(), text));
    }

    private void reject(String id, Path file, Finding finding) {
        reject(id, file, finding.reason(), finding.message());
    }

    private void reject(String id, Path file, RejectionReason reason, String message) {
        rejected.add(new Rejection(id, folder.relativize(file).toString(), reason, message));
    }
}
