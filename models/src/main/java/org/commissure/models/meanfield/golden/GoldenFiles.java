package org.commissure.models.meanfield.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.models.meanfield.files.ParameterFile;
import org.commissure.models.meanfield.files.RegionalFileException;
import org.commissure.models.npy.NpyException;
import org.commissure.models.npy.NpyFile;

/** A golden folder while it is replayed: what it holds, and what was compared and skipped so far. */
final class GoldenFiles {
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

    /** An array, flat; if it is not there, that is noted. */
    Optional<double[]> numbers(String golden, String name) throws IOException {
        Path file = folder.resolve(golden).resolve(name);
        if (!Files.exists(file)) {
            skipped.add(golden + "/" + name + ": not in the folder");
            return Optional.empty();
        }
        try (NpyFile npy = NpyFile.open(file)) {
            return Optional.of(npy.doubles());
        } catch (NpyException e) {
            throw new RegionalFileException(file, e);
        }
    }

    Optional<float[]> noise(String golden) throws IOException {
        return numbers(golden, "noise_f32.npy").map(values -> {
            float[] noise = new float[values.length];
            for (int i = 0; i < noise.length; i++) {
                noise[i] = (float) values[i];
            }
            return noise;
        });
    }

    boolean has(String name) {
        return Files.exists(folder.resolve(name));
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** Of several candidates' cases; a case may name other files than the usual ones. */
    Connectome connectome(JsonNode golden) throws IOException {
        Path file = folder.resolve(golden.path("sc").asText("common/SC_train_scaled.npy"));
        try {
            return Connectome.ofScaled(MatrixFile.read(file));
        } catch (IllegalArgumentException e) {
            throw new RegionalFileException(file, e);
        }
    }

    List<RegionalParameters> candidates(JsonNode golden) throws IOException {
        return ParameterFile.read(
                        folder.resolve(golden.path("params").asText("common/params_top10_w68_I68_G_sigma68.npy")))
                .candidates();
    }

    static Haemodynamics haemodynamics(JsonNode golden) {
        return golden.path("preset").asText("kong2021").contains("wang")
                ? Haemodynamics.WANG_2018
                : Haemodynamics.KONG_2021;
    }

    void skip(String what) {
        skipped.add(what);
    }

    /** @param tolerance infinite where the difference is only told */
    void compare(String golden, String output, String engine, double[] actual, double[] expected, double tolerance)
            throws IOException {
        if (actual.length != expected.length) {
            throw new RegionalFileException(
                    folder.resolve(golden),
                    output + " holds " + expected.length + " numbers, but the manifest's case has " + actual.length);
        }
        double largest = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - expected[i])); // NaN stays
        }
        comparisons.add(new RegionalComparison(
                golden,
                output,
                engine,
                largest,
                Double.isInfinite(tolerance) ? OptionalDouble.empty() : OptionalDouble.of(tolerance)));
    }

    RegionalGoldenReport report() {
        return new RegionalGoldenReport(comparisons, skipped);
    }
}
