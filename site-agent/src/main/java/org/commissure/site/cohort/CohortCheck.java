package org.commissure.site.cohort;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.reading.SeriesReading;

/** What {@code cohort check} found in one site's folder, or in each {@code site-*} of a dataset. */
public record CohortCheck(Path folder, CohortRules rules, boolean dataset, List<Admission> sites) {

    /** Reads every series of the folder. @throws UserError if it cannot be read */
    public static CohortCheck of(Path folder, CohortRules rules, SeriesReading reading) {
        List<Path> sites = Files.exists(folder.resolve("participants.tsv")) ? List.of() : sitesOf(folder);
        List<Path> folders = sites.isEmpty() ? List.of(folder) : sites;
        return new CohortCheck(
                folder,
                rules,
                !sites.isEmpty(),
                folders.stream()
                        .map(site -> CohortFolder.read(site, rules, reading))
                        .toList());
    }

    private static List<Path> sitesOf(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> sites = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "site-*")) {
            for (Path site : stream) {
                if (Files.isDirectory(site)) {
                    sites.add(site);
                }
            }
        } catch (IOException e) {
            throw new UserError("cannot list " + folder, "check the folder's permissions", e);
        }
        sites.sort(null);
        return sites;
    }

    public int admitted() {
        return sites.stream().mapToInt(site -> site.admitted().size()).sum();
    }

    public int rejected() {
        return sites.stream().mapToInt(site -> site.rejected().size()).sum();
    }

    /** One site's facts; for a dataset the same keys over all sites, and each site under {@code sites}. */
    public Map<String, Object> toJson() {
        if (!dataset) {
            return json(folder, sites);
        }
        Map<String, Object> facts = json(folder, sites);
        facts.put(
                "sites",
                sites.stream().map(site -> json(site.folder(), List.of(site))).toList());
        return facts;
    }

    private Map<String, Object> json(Path path, List<Admission> admissions) {
        SortedMap<String, Integer> byReason = new TreeMap<>();
        List<Map<String, Object>> rejections = new ArrayList<>();
        List<Map<String, Object>> notes = new ArrayList<>();
        for (Admission admission : admissions) {
            admission.byReason().forEach((reason, count) -> byReason.merge(reason, count, Integer::sum));
            admission.rejected().forEach(rejection -> rejections.add(json(path, admission, rejection)));
            admission.notes().forEach(note -> notes.add(json(path, admission, note)));
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("path", path.toString());
        facts.put(
                "admitted",
                admissions.stream().mapToInt(a -> a.admitted().size()).sum());
        facts.put("rejected", rejections);
        facts.put("byReason", byReason);
        facts.put("notes", notes);
        facts.put("parcels", rules.parcels());
        facts.put("minimumFrames", rules.minimumFrames());
        facts.put(
                "series",
                admissions.stream().map(a -> a.variant().toString()).distinct().toList());
        return facts;
    }

    private static Map<String, Object> json(Path path, Admission admission, Rejection rejection) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("participant", rejection.participantId());
        facts.put(
                "file",
                path.relativize(admission.folder().resolve(rejection.file())).toString());
        facts.put("reason", rejection.reason().code());
        facts.put("message", rejection.message());
        facts.put("fix", rejection.fix());
        return facts;
    }

    private static Map<String, Object> json(Path path, Admission admission, Note note) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("participant", note.participantId());
        facts.put(
                "file", path.relativize(admission.folder().resolve(note.file())).toString());
        facts.put("note", note.text());
        return facts;
    }

    public String toText() {
        StringBuilder text = new StringBuilder();
        for (Admission site : sites) {
            text.append(site.folder())
                    .append(": read as ")
                    .append(site.variant())
                    .append('\n');
            text.append("  ").append(site.admitted().size()).append(" admitted, ");
            text.append(site.rejected().size()).append(" rejected\n");
            for (Rejection rejection : site.rejected()) {
                text.append(String.format(
                        "  %-14s %-23s %s (%s)%n",
                        rejection.participantId(), rejection.reason().code(), rejection.message(), rejection.file()));
            }
            for (Note note : site.notes()) {
                text.append(String.format("  %-14s note: %s (%s)%n", note.participantId(), note.text(), note.file()));
            }
            site.rejected().stream()
                    .map(Rejection::reason)
                    .distinct()
                    .forEach(reason -> text.append("  fix for ")
                            .append(reason.code())
                            .append(": ")
                            .append(reason.fix())
                            .append('\n'));
        }
        if (dataset) {
            text.append("Together: ").append(admitted()).append(" admitted, ");
            text.append(rejected()).append(" rejected\n");
        }
        return text.append("Rules: ").append(text(rules)).toString();
    }

    /** The rules in words. */
    public static String text(CohortRules rules) {
        QualityRules quality = rules.quality();
        StringBuilder text = new StringBuilder();
        text.append(rules.parcels()).append(" parcels, at least ").append(rules.minimumFrames());
        text.append(" frames, no constant parcel, no NaN, no series twice");
        quality.repetitionTimeSeconds()
                .ifPresent(seconds ->
                        text.append(", repetition time ").append(seconds).append(" s"));
        quality.maximumMeanDisplacementMillimetres()
                .ifPresent(limit -> text.append(", mean framewise displacement at most ")
                        .append(limit)
                        .append(" mm"));
        if (!quality.required().isEmpty()) {
            text.append(", known ").append(String.join(" and ", quality.required()));
        }
        if (!quality.numeric().isEmpty()) {
            text.append(", numbers in ").append(String.join(" and ", quality.numeric()));
        }
        return text.toString();
    }
}
