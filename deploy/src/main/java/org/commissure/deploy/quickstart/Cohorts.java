package org.commissure.deploy.quickstart;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.deploy.federation.Launcher;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * The cohorts of the sites that take part: {@code folder/site-NAME} each, and the coordinates of
 * their parcels.
 *
 * @param atlas tab-separated, with the columns x, y, z in millimetres
 */
record Cohorts(Path folder, List<String> sites, Path atlas, boolean synthetic) {
    private static final List<String> ABIDE_SITES = List.of("NYU", "UM1", "PITT", "YALE");
    private static final List<String> SYNTHETIC_SITES = List.of("A", "B", "C", "D");
    private static final int SITES = 4;

    Path of(String site) {
        return folder.resolve("site-" + site);
    }

    /** Finds the cohorts, or generates synthetic ones into {@code out} and says so. */
    static Cohorts find(@Nullable Path asked, List<String> sites, Path out, Launcher launcher, PrintStream say) {
        Path shared = launcher.root().resolveSibling("shared").resolve("data").resolve("abide1");
        if (asked != null || Files.isDirectory(shared)) {
            return existing(asked != null ? asked.toAbsolutePath().normalize() : shared, sites);
        }
        List<String> names = sites.isEmpty() ? SYNTHETIC_SITES : sites;
        Path folder = out.resolve("cohorts");
        say.println("There is no " + shared + ": generating SYNTHETIC cohorts for " + String.join(", ", names)
                + " (not patients; the figures below say nothing about brains).");
        launcher.run("cohort", "generate", "--out", folder.toString(), "--sites", String.join(",", names))
                .orThrow();
        return new Cohorts(folder, names, atlasOf(folder), true);
    }

    private static Cohorts existing(Path folder, List<String> sites) {
        if (!Files.isDirectory(folder)) {
            throw new UserError("there is no data folder " + folder, "name one that exists with --data");
        }
        List<String> names = sites.isEmpty() ? choose(folder) : sites;
        for (String site : names) {
            if (!Files.isDirectory(folder.resolve("site-" + site))) {
                throw new UserError(
                        folder + " has no folder site-" + site,
                        "choose --sites among " + String.join(",", all(folder)));
            }
        }
        return new Cohorts(folder, names, atlasOf(folder), false);
    }

    private static List<String> choose(Path folder) {
        List<String> all = all(folder);
        List<String> chosen = all.containsAll(ABIDE_SITES) ? ABIDE_SITES : all.subList(0, Math.min(SITES, all.size()));
        if (chosen.size() < SITES) {
            throw new UserError(
                    folder + " has " + all.size() + " folders named site-NAME",
                    "bring " + SITES + " or more: with fewer, no site could fall out of a round");
        }
        return chosen;
    }

    private static List<String> all(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("site-"))
                    .map(name -> name.substring("site-".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private static Path atlasOf(Path folder) {
        return Optional.of(folder.resolve("atlas.tsv"))
                .filter(Files::exists)
                .or(() -> Optional.of(folder.resolveSibling("atlases").resolve("CC200.tsv"))
                        .filter(Files::exists))
                .orElseThrow(() -> new UserError(
                        "there are no parcel coordinates for " + folder,
                        "put a tab-separated file with the columns x, y, z (mm) at " + folder.resolve("atlas.tsv")));
    }
}
