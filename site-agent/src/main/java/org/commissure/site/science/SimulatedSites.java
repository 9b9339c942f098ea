package org.commissure.site.science;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.PooledCohort;

/**
 * Folders of one data set that stand for hospitals.
 *
 * @param names of the sites
 * @param folders of the sites, in the same order
 */
public record SimulatedSites(List<String> names, List<Path> folders) {
    private static final String PREFIX = "site-";

    /** Depth of {@code sub-0001/ses-1/func/file} in a site's folder. */
    private static final int DEPTH = 4;

    public SimulatedSites {
        names = List.copyOf(names);
        folders = List.copyOf(folders);
    }

    /**
     * Finds {@code site-NAME} below {@code data}.
     *
     * @param names empty for all there are, by name
     * @throws UserError if there is no such site, or one is named twice
     */
    public static SimulatedSites in(Path data, List<String> names) {
        List<String> present = present(data);
        if (present.isEmpty()) {
            throw new UserError(
                    data + " has no folders named site-*",
                    "point --data at a folder that holds one folder site-NAME for each hospital");
        }
        for (String name : names) {
            if (!present.contains(name)) {
                throw new UserError(
                        "there is no site " + name + " in " + data, "choose among " + String.join(", ", present));
            }
        }
        if (new HashSet<>(names).size() != names.size()) {
            throw new UserError("--sites names a site twice", "name every site once");
        }
        List<String> chosen = names.isEmpty() ? present : names;
        return new SimulatedSites(
                chosen, chosen.stream().map(name -> data.resolve(PREFIX + name)).toList());
    }

    private static List<String> present(Path data) {
        if (!Files.isDirectory(data)) {
            throw new UserError("no folder " + data, "point --data at the folder that holds the sites' folders");
        }
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(data, PREFIX + "*")) {
            folders.forEach(folder -> names.add(folder.getFileName().toString().substring(PREFIX.length())));
        } catch (IOException e) {
            throw new UserError("cannot list " + data, "check the folder's permissions", e);
        }
        names.sort(null);
        return names;
    }

    /** Whether every site holds a series whose name says that it is of this atlas. */
    public boolean allHold(String atlas) {
        return folders.stream().allMatch(folder -> {
            try (Stream<Path> files = Files.walk(folder, DEPTH)) {
                return files.anyMatch(file -> file.getFileName().toString().contains("_atlas-" + atlas + "_"));
            } catch (IOException | UncheckedIOException e) {
                throw new UserError("cannot list " + folder, "check the folder's permissions", e);
            }
        });
    }

    /** Admits patients, one admission a site. @throws UserError as {@link PooledCohort#read} */
    public PooledCohort admit(CohortRules rules) {
        return PooledCohort.read(folders, rules);
    }
}
