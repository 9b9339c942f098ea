package org.commissure.site.cohort;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commissure.models.npy.NpyWriter;
import org.commissure.protocol.UserError;

/**
 * Writes made-up hospitals to disk, in the layout {@link CohortFolder} reads, with site effects. For
 * trying things out where there is no data; it says nothing about any brain.
 *
 * <p>Equal values make equal bytes, on any machine: only {@link StrictMath} and {@link java.util.Random},
 * whose algorithms are specified, take part.
 */
public final class SyntheticCohort {
    private static final Pattern SITE = Pattern.compile("[A-Za-z0-9]{1,32}");
    // Sorted, because the order of Map.of differs from one JVM to the next.
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private static final Map<String, Object> COLUMNS = Map.of(
            "age", Map.of("Units", "years", "Description", "made up; strengthens one network"),
            "sex", Map.of("Levels", Map.of("M", "male", "F", "female"), "Description", "made up"),
            "repetition_time", Map.of("Units", "s"),
            "n_volumes", Map.of("Description", "frames of the series"));

    private final List<String> sites;
    private final int patients;
    private final int parcels;
    private final int frames;
    private final long seed;

    /**
     * @param sites names of letters and digits, each once
     * @param patients per site
     * @throws UserError if a value is out of range
     */
    public SyntheticCohort(List<String> sites, int patients, int parcels, int frames, long seed) {
        this.sites = List.copyOf(sites);
        this.patients = within("--patients", patients, 2, 9_999);
        this.parcels = within("--parcels", parcels, 8, 2_000);
        this.frames = within("--frames", frames, 8, 10_000);
        this.seed = seed;
        if (sites.isEmpty()
                || new HashSet<>(sites).size() != sites.size()
                || !sites.stream().allMatch(site -> SITE.matcher(site).matches())) {
            throw new UserError(
                    "the site names " + String.join(",", sites) + " cannot be used",
                    "give --sites names of letters and digits, separated by commas, each once");
        }
    }

    private static int within(String option, int value, int minimum, int maximum) {
        if (value < minimum || value > maximum) {
            throw new UserError(option + " is " + value, "choose a number between " + minimum + " and " + maximum);
        }
        return value;
    }

    /** Writes one folder per site, and {@code atlas.tsv}. @throws UserError if {@code out} exists and is not an empty folder, or cannot be written */
    public void write(Path out) {
        try {
            if (Files.exists(out) && (!Files.isDirectory(out) || !isEmpty(out))) {
                throw new UserError(out + " exists and is not an empty folder", "name a new folder after --out");
            }
            Files.createDirectories(out);
            SplittableRandom seeds = new SplittableRandom(seed);
            SyntheticBrain brain = new SyntheticBrain(parcels, seeds.nextLong());
            Files.writeString(out.resolve("atlas.tsv"), brain.atlas.toTsv());
            for (int index = 0; index < sites.size(); index++) {
                SplittableRandom siteSeeds = seeds.split();
                writeSite(out, sites.get(index), SyntheticSite.of(index, siteSeeds.nextLong()), brain, siteSeeds);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new UserError("cannot write the cohort to " + out, "check permissions and free space", e);
        }
    }

    private void writeSite(Path out, String name, SyntheticSite site, SyntheticBrain brain, SplittableRandom seeds)
            throws IOException {
        Path folder = Files.createDirectory(out.resolve("site-" + name));
        StringBuilder table = new StringBuilder("participant_id\tsite\tage\tsex\trepetition_time\tn_volumes\n");
        for (int number = 1; number <= patients; number++) {
            String id = String.format(Locale.ROOT, "sub-%s%04d", name, number);
            SyntheticPatient patient = new SyntheticPatient(site, seeds.nextLong());
            Path func = Files.createDirectories(folder.resolve(id).resolve("func"));
            NpyWriter.write(
                    func.resolve(id + "_task-rest_atlas-ellipsoid" + parcels + "_desc-synthetic_timeseries.npy"),
                    patient.scan(brain, site, frames),
                    parcels,
                    frames);
            table.append(String.join(
                            "\t",
                            id,
                            name,
                            Double.toString(patient.ageYears),
                            patient.female ? "F" : "M",
                            Double.toString(site.repetitionTimeSeconds()),
                            Integer.toString(frames)))
                    .append('\n');
        }
        Files.writeString(folder.resolve("participants.tsv"), table, StandardCharsets.UTF_8);
        json(folder.resolve("participants.json"), COLUMNS);
        json(
                folder.resolve("dataset_description.json"),
                Map.of(
                        "Name",
                        "Synthetic cohort " + name + ": made up, of no patient",
                        "BIDSVersion",
                        "1.8.0",
                        "DatasetType",
                        "derivative",
                        "GeneratedBy",
                        List.of(Map.of("Name", "commissure cohort generate"))));
    }

    private static void json(Path file, Map<String, Object> content) throws IOException {
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }
}
