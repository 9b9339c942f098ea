package org.commissure.site.cohort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commissure.site.cohort.reading.SeriesFormat;
import org.commissure.site.cohort.reading.SeriesReading;

/**
 * The series files of one folder, in every format that is read: below {@code sub-*} (in {@code func}, also of sessions),
 * and loose files whose names hold a participant's id, with or without its {@code sub-} and leading zeros.
 *
 * @param byParticipant every {@code sub-*} folder's name and every participant with a loose file, files in name order
 */
record SeriesFiles(Map<String, List<Path>> byParticipant) {
    /** {@code sub-*}{@code /ses-*}{@code /func/file}. */
    private static final int DEPTH = 4;

    /** In BIDS folders, tables and arrays of other kinds lie beside the series. */
    private static final Pattern OTHER_KIND = Pattern.compile("(?<!_timeseries)\\.(npy|tsv|csv)");

    private static final Pattern ID_IN_NAME = Pattern.compile("[A-Za-z0-9]+");

    /** @param participants ids that loose files may belong to */
    static SeriesFiles of(Path folder, Collection<String> participants) throws IOException {
        Map<String, List<Path>> byParticipant = new TreeMap<>();
        Map<String, String> byBareId = new TreeMap<>();
        participants.forEach(id -> byBareId.put(bare(id), id));
        try (Stream<Path> files = Files.walk(folder, DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.sorted(Comparator.comparing(Path::toString)).toList()) {
                Path inside = folder.relativize(file);
                String first = inside.getName(0).toString();
                if (Files.isDirectory(file)) {
                    if (inside.getNameCount() == 1 && first.startsWith("sub-")) {
                        byParticipant.putIfAbsent(first, new ArrayList<>());
                    }
                } else if (isSeries(file, inside.getNameCount() == 1)) {
                    String owner = inside.getNameCount() > 1 ? first : owner(first, byBareId);
                    if (owner.startsWith("sub-")) {
                        byParticipant
                                .computeIfAbsent(owner, id -> new ArrayList<>())
                                .add(file);
                    }
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return new SeriesFiles(byParticipant);
    }

    private static boolean isSeries(Path file, boolean loose) {
        String name = file.getFileName().toString();
        return SeriesFormat.of(name).isPresent()
                && !name.startsWith("participants.")
                && (loose || !OTHER_KIND.matcher(name).find());
    }

    /** {@code 50952} for {@code sub-0050952}. */
    private static String bare(String participantId) {
        return participantId.replaceFirst("^sub-", "").replaceFirst("^0+(?=.)", "");
    }

    /** Empty if the name holds the ids of nobody or of several. */
    private static String owner(String name, Map<String, String> byBareId) {
        Matcher words = ID_IN_NAME.matcher(name);
        List<String> owners = words.results()
                .map(word -> byBareId.getOrDefault(bare(word.group()), ""))
                .filter(id -> !id.isEmpty())
                .distinct()
                .toList();
        return owners.size() == 1 ? owners.getFirst() : "";
    }

    /**
     * The one variant the whole cohort is read in: with the right number of parcels, then with the
     * preferred description, then with the preferred atlas, then what most participants have.
     */
    SeriesVariant choose(CohortRules rules, SeriesReading reading) {
        Map<SeriesVariant, Integer> participants = new TreeMap<>(Comparator.comparing(SeriesVariant::toString));
        Map<SeriesVariant, Boolean> fits = new TreeMap<>(Comparator.comparing(SeriesVariant::toString));
        byParticipant.values().stream().flatMap(List::stream).forEach(file -> {
            SeriesVariant variant = SeriesVariant.of(file);
            participants.merge(variant, 1, Integer::sum);
            if (!fits.getOrDefault(variant, false)) {
                fits.put(variant, hasParcels(file, rules.parcels(), reading));
            }
        });
        return participants.keySet().stream()
                .max(Comparator.<SeriesVariant, Boolean>comparing(fits::get)
                        .thenComparing(variant -> variant.description().equals(rules.description()))
                        .thenComparing(variant -> variant.atlas().equals(rules.atlas()))
                        .thenComparing(participants::get))
                .orElse(new SeriesVariant(rules.atlas(), rules.description()));
    }

    /** Of voxels and grayordinates the atlas decides, and nothing is read. */
    private static boolean hasParcels(Path file, int parcels, SeriesReading reading) {
        boolean averaged = SeriesFormat.of(file.getFileName().toString())
                .filter(SeriesFormat::needsAtlas)
                .isPresent();
        if (averaged) {
            return reading.parcellation()
                    .filter(atlas -> atlas.parcels() == parcels)
                    .isPresent();
        }
        try (SeriesFile series = SeriesFile.open(file, reading)) {
            return series.parcels() == parcels;
        } catch (IOException | SeriesException e) {
            return false;
        }
    }
}
