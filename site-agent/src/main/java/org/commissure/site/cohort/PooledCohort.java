package org.commissure.site.cohort;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.commissure.models.training.Scan;
import org.commissure.protocol.UserError;

/**
 * Several cohorts on one machine, used together.
 *
 * @param sites what was admitted, one folder each, in the order given
 */
public record PooledCohort(List<Admission> sites) {
    public PooledCohort {
        sites = List.copyOf(sites);
    }

    /**
     * Patients to train on and patients held out.
     *
     * @param heldOut may be empty
     */
    public record Division(List<Subject> training, List<Subject> heldOut) {}

    /**
     * Reads cohorts; a folder without {@code participants.tsv} stands for its {@code site-*} folders.
     *
     * @throws UserError if a folder has no admitted patient, or two folders hold the same series
     */
    public static PooledCohort read(List<Path> folders, CohortRules rules) {
        List<Admission> sites = new ArrayList<>();
        for (Path folder : folders) {
            for (Path site : sitesOf(folder)) {
                sites.add(admitted(site, rules));
            }
        }
        refuseDuplicates(sites);
        return new PooledCohort(sites);
    }

    private static Admission admitted(Path folder, CohortRules rules) {
        Admission admission = CohortFolder.read(folder, rules);
        if (admission.admitted().isEmpty()) {
            String reasons = admission.byReason().entrySet().stream()
                    .map(reason -> reason.getValue() + " " + reason.getKey())
                    .collect(Collectors.joining(", "));
            throw new UserError(
                    "no patient of " + folder + " is admitted with " + rules.parcels() + " parcels and at least "
                            + rules.minimumFrames() + " frames" + (reasons.isEmpty() ? "" : ": " + reasons),
                    "run 'commissure cohort check " + folder + " --parcels " + rules.parcels() + " --minimum-frames "
                            + rules.minimumFrames() + "' to see why, or choose a model that fits the cohort");
        }
        return admission;
    }

    private static void refuseDuplicates(List<Admission> sites) {
        Map<String, Path> holders = new HashMap<>();
        for (Admission site : sites) {
            for (ScanSeries scan : site.admitted().stream()
                    .flatMap(subject -> subject.scans().stream())
                    .toList()) {
                Path other = holders.put(scan.sha256(), site.folder());
                if (other != null) {
                    throw new UserError(
                            "the same series lies in " + other + " and in " + site.folder(),
                            "name every cohort once, and remove the copy: a patient in two cohorts could be trained on"
                                    + " and held out at once");
                }
            }
        }
    }

    private static List<Path> sitesOf(Path folder) {
        if (!Files.isDirectory(folder) || Files.exists(folder.resolve("participants.tsv"))) {
            return List.of(folder);
        }
        List<Path> sites = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "site-*")) {
            stream.forEach(sites::add);
        } catch (IOException e) {
            throw new UserError("cannot list " + folder, "check the folder's permissions", e);
        }
        sites.sort(null);
        return sites.isEmpty() ? List.of(folder) : sites;
    }

    /** Every admitted patient, by cohort and participant id. */
    public List<Subject> subjects() {
        return sites.stream().flatMap(site -> site.admitted().stream()).toList();
    }

    /**
     * Holds patients of every cohort out, as {@link CohortSplit} does; the same fraction and seed hold the same patients
     * out, whoever else joins.
     *
     * @param fraction in [0, 1); 0 holds nobody out
     * @throws UserError if a cohort has too few patients
     */
    public Division divide(double fraction, long seed) {
        if (fraction == 0) {
            return new Division(subjects(), List.of());
        }
        // Not a secret: nothing is promised about who is held out, only that it is reproducible.
        byte[] salt = ByteBuffer.allocate(2 * Long.BYTES).putLong(8, seed).array();
        List<Subject> training = new ArrayList<>();
        List<Subject> heldOut = new ArrayList<>();
        for (Admission site : sites) {
            SealedSplit split = CohortSplit.seal(site, fraction, salt);
            training.addAll(split.internal());
            heldOut.addAll(split.external());
        }
        return new Division(training, heldOut);
    }

    /**
     * What a column of each folder's {@code participants.tsv} says of its admitted patients; those of whom it says
     * nothing are left out.
     *
     * @throws UserError if a folder's table has no such column
     */
    public Map<Subject, String> known(String column) {
        Map<Subject, String> values = new LinkedHashMap<>();
        for (Admission site : sites) {
            Map<String, String> cells = Participants.column(site.folder(), column);
            for (Subject subject : site.admitted()) {
                String value = cells.get(subject.participantId());
                if (value != null) {
                    values.put(subject, value);
                }
            }
        }
        return values;
    }

    /** What training needs of these patients. */
    public static List<Scan> scans(List<Subject> subjects) {
        return subjects.stream().map(Subject::scan).toList();
    }
}
