package org.commissure.models.meanfield.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.models.meanfield.files.RegionalFileException;
import org.commissure.models.npy.NpyException;
import org.commissure.models.npy.NpyFile;
import org.commissure.models.npy.NpyType;

/**
 * A golden folder while it is replayed: what it holds, and what was compared and skipped so far. An array {@code
 * X.npy} may also lie there as {@code X.csv}, {@code .tsv} or {@code .txt}.
 */
final class GoldenFiles {
    private static final List<String> EXTENSIONS = List.of(".npy", ".csv", ".tsv", ".txt");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final JsonNode manifest;
    private final List<RegionalComparison> comparisons = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    private GoldenFiles(Path folder, JsonNode manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    static GoldenFiles open(Path folder) throws IOException {
        Path file = folder.resolve("manifest.json");
        if (!Files.isRegularFile(file)) {
            throw new RegionalFileException(file, "there is no such file; it names the cases of a golden folder");
        }
        try {
            JsonNode manifest = JSON.readTree(file.toFile());
            if (!manifest.path("cases").isObject()) {
                throw new RegionalFileException(file, "it has no object 'cases'");
            }
            return new GoldenFiles(folder, manifest);
        } catch (JsonProcessingException e) {
            throw new RegionalFileException(file, "it is no JSON: " + e.getOriginalMessage());
        }
    }

    JsonNode cases() {
        return manifest.path("cases");
    }

    /** Names of a case's arrays without the extension: those in its folder and those that the manifest lists. */
    List<String> arrays(String golden) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        manifest.path("files").fieldNames().forEachRemaining(file -> {
            if (file.startsWith(golden + "/")) {
                names.add(file.substring(golden.length() + 1));
            }
        });
        if (Files.isDirectory(folder.resolve(golden))) {
            try (Stream<Path> files = Files.list(folder.resolve(golden))) {
                files.forEach(file -> names.add(file.getFileName().toString()));
            }
        }
        return names.stream()
                .filter(name -> EXTENSIONS.stream().anyMatch(name::endsWith))
                .map(name -> name.substring(0, name.length() - 4))
                .distinct()
                .toList();
    }

    /** A file of {@code golden} (empty: of the folder itself), whatever its extension. */
    Optional<Path> find(String golden, String name) {
        Path base = golden.isEmpty() ? folder : folder.resolve(golden);
        return EXTENSIONS.stream()
                .map(extension -> base.resolve(name + extension))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** The first array of {@code golden} whose name begins so, in any case. */
    Optional<Path> findBeginning(String golden, String beginning) throws IOException {
        return arrays(golden).stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(beginning))
                .flatMap(name -> find(golden, name).stream())
                .findFirst();
    }

    /** If it is not there, that is noted. */
    Optional<GoldenArray> array(String golden, String name) throws IOException {
        Optional<Path> file = find(golden, name);
        if (file.isEmpty()) {
            skip(golden + "/" + name + ".npy: not in the folder");
            return Optional.empty();
        }
        return Optional.of(read(file.get()));
    }

    static GoldenArray read(Path file) throws IOException {
        if (file.toString().endsWith(".npy")) {
            try (NpyFile npy = NpyFile.open(file)) {
                return new GoldenArray(npy.shape(), npy.doubles(), npy.type() == NpyType.FLOAT32);
            } catch (NpyException e) {
                throw new RegionalFileException(file, e);
            }
        }
        double[][] rows = MatrixFile.read(file);
        return new GoldenArray(
                List.of(rows.length, rows[0].length),
                Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray(),
                false);
    }

    boolean has(String name) {
        return Files.exists(folder.resolve(name));
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    void skip(String what) {
        skipped.add(what);
    }

    /** @param tolerance infinite where the difference is only told */
    void compare(String golden, String output, String engine, double[] actual, GoldenArray expected, double tolerance)
            throws IOException {
        if (actual.length != expected.values().length) {
            throw new RegionalFileException(
                    folder.resolve(golden),
                    output + " holds " + expected.values().length + " numbers, but the manifest's case has "
                            + actual.length);
        }
        double largest = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - expected.values()[i])); // NaN stays
        }
        comparisons.add(new RegionalComparison(
                golden,
                output,
                engine,
                largest,
                Double.isInfinite(tolerance)
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(expected.tolerance(tolerance))));
    }

    RegionalGoldenReport report() {
        return new RegionalGoldenReport(comparisons, skipped);
    }
}
