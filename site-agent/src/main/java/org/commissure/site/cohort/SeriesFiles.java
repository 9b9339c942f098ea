package org.commissure.site.cohort;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The {@code sub-*}{@code /func/*_timeseries.npy} files of one folder.
 *
 * @param byParticipant every {@code sub-*} folder's name, with its files in name order
 */
record SeriesFiles(Map<String, List<Path>> byParticipant) {

    static SeriesFiles of(Path folder) throws IOException {
        Map<String, List<Path>> byParticipant = new TreeMap<>();
        try (DirectoryStream<Path> participants = Files.newDirectoryStream(folder, "sub-*")) {
            for (Path participant : participants) {
                if (Files.isDirectory(participant)) {
                    byParticipant.put(participant.getFileName().toString(), files(participant.resolve("func")));
                }
            }
        }
        return new SeriesFiles(byParticipant);
    }

    private static List<Path> files(Path func) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(func)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(func, "*_timeseries.npy")) {
                stream.forEach(files::add);
            }
        }
        files.sort(Comparator.comparing(file -> file.getFileName().toString()));
        return List.copyOf(files);
    }

    /**
     * The one variant the whole cohort is read in: with the right number of parcels, then with the
     * preferred description, then with the preferred atlas, then what most participants have.
     */
    SeriesVariant choose(CohortRules rules) {
        Map<SeriesVariant, Integer> participants = new TreeMap<>(Comparator.comparing(SeriesVariant::toString));
        Map<SeriesVariant, Boolean> fits = new TreeMap<>(Comparator.comparing(SeriesVariant::toString));
        byParticipant.values().stream().flatMap(List::stream).forEach(file -> {
            SeriesVariant variant = SeriesVariant.of(file);
            participants.merge(variant, 1, Integer::sum);
            fits.merge(variant, hasParcels(file, rules.parcels()), Boolean::logicalOr);
        });
        return participants.keySet().stream()
                .max(Comparator.<SeriesVariant, Boolean>comparing(fits::get)
                        .thenComparing(variant -> variant.description().equals(rules.description()))
                        .thenComparing(variant -> variant.atlas().equals(rules.atlas()))
                        .thenComparing(participants::get))
                .orElse(new SeriesVariant(rules.atlas(), rules.description()));
    }

    private static boolean hasParcels(Path file, int parcels) {
        try (SeriesFile npy = SeriesFile.open(file)) {
            return npy.parcels() == parcels;
        } catch (IOException | SeriesException e) {
            return false;
        }
    }
}
