package org.commissure.models.meanfield.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.models.meanfield.files.ParameterFile;
import org.commissure.models.meanfield.files.RegionalFileException;

/** What a case simulates, from its fields of the manifest and its files. */
record GoldenSetup(
        Connectome connectome, List<RegionalParameters> candidates, Haemodynamics haemodynamics, Timing timing) {

    /** Candidates in the case's own fields w, I, G, sigma, or in a file. */
    static GoldenSetup of(GoldenFiles files, String name, JsonNode golden) throws IOException {
        Path file = file(files, name, golden, "sc", "common/SC_train_scaled");
        Connectome connectome;
        try {
            connectome = Connectome.ofScaled(MatrixFile.read(file));
        } catch (IllegalArgumentException e) {
            throw new RegionalFileException(file, e);
        }
        List<RegionalParameters> candidates = golden.has("w")
                ? List.of(new RegionalParameters(
                        numbers(golden.path("w")),
                        numbers(golden.path("I")),
                        golden.path("G").asDouble(),
                        numbers(golden.path("sigma"))))
                : ParameterFile.read(file(files, name, golden, "params", "common/params_top10_w68_I68_G_sigma68"))
                        .candidates();
        return new GoldenSetup(connectome, candidates, haemodynamics(golden), timing(golden));
    }

    /** The manifest names it, or it lies with the case, or in common; the usual one first. */
    private static Path file(GoldenFiles files, String name, JsonNode golden, String kind, String usual)
            throws IOException {
        for (String field : List.of(kind, kind.toUpperCase(Locale.ROOT))) {
            if (golden.path(field).isTextual()) {
                String named = golden.path(field).asText();
                return files.has(name + "/" + named) ? files.path(name + "/" + named) : files.path(named);
            }
        }
        Optional<Path> found = files.findBeginning(name, kind);
        if (found.isEmpty()) {
            found = files.find("", usual);
        }
        if (found.isEmpty()) {
            found = files.findBeginning("common", kind);
        }
        return found.orElseGet(() -> files.path(usual + ".npy"));
    }

    /** Kong's unless a field of the case names Wang's. */
    private static Haemodynamics haemodynamics(JsonNode golden) {
        for (String field : List.of("preset", "haemodynamics", "hemodynamics", "balloon", "bw")) {
            if (golden.path(field).asText().toLowerCase(Locale.ROOT).contains("wang")) {
                return Haemodynamics.WANG_2018;
            }
        }
        return Haemodynamics.KONG_2021;
    }

    /** Steps before and with haemodynamics, or both together; what is missing is the published clock's. */
    private static Timing timing(JsonNode golden) {
        Timing kong = Timing.KONG_2021;
        int warmUp = golden.path("warmup_steps").asInt(golden.path("warmup").asInt(kong.warmUpSteps()));
        int all = golden.path("steps").asInt(warmUp + kong.mainSteps());
        int main = golden.path("main_steps").asInt(golden.path("main").asInt(all - warmUp));
        boolean published = main == kong.mainSteps();
        return new Timing(
                golden.path("dt").asDouble(kong.stepSeconds()),
                warmUp,
                main,
                golden.path("TR_steps").asInt(kong.stepsPerFrame()),
                golden.path("discard_frames").asInt(published ? kong.discardedFrames() : 0));
    }

    private static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).asDouble();
        }
        return numbers;
    }

    GoldenSetup first(int count) {
        return new GoldenSetup(
                connectome, candidates.subList(0, Math.min(count, candidates.size())), haemodynamics, timing);
    }

    /** Compares the last {@code frames}; 0 leaves the clock as it is. */
    GoldenSetup keeping(int frames) {
        if (frames < 1 || frames > timing.frames()) {
            return this;
        }
        return new GoldenSetup(
                connectome,
                candidates,
                haemodynamics,
                new Timing(
                        timing.stepSeconds(),
                        timing.warmUpSteps(),
                        timing.mainSteps(),
                        timing.stepsPerFrame(),
                        timing.frames() - frames));
    }
}
