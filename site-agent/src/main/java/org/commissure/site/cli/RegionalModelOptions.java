package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.files.ParameterFile;
import org.commissure.models.meanfield.files.TargetFile;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The structural connectome, and the clock of a simulation. */
final class RegionalModelOptions {
    private static final double KONG_TR_SECONDS = 0.72;
    private static final int KONG_FRAMES = 1_200;

    @Option(
            names = "--sc",
            paramLabel = "FILE",
            description = "structural connectivity, regions × regions: streamline counts, symmetric; scaled here to a"
                    + " largest entry of 0.2")
    private @Nullable Path connectome;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "haemodynamics: kong2021 or wang2018; their results are not comparable (default:"
                    + " ${DEFAULT-VALUE})")
    private String preset = "kong2021";

    @Option(
            names = "--tr",
            paramLabel = "SECONDS",
            description = "repetition time, simulated in steps of 10 ms (default: ${DEFAULT-VALUE})")
    private double repetitionTimeSeconds = KONG_TR_SECONDS;

    @Option(
            names = "--frames",
            paramLabel = "N",
            description = "frames that count, after 120 s that do not (default: ${DEFAULT-VALUE})")
    private int frames = KONG_FRAMES;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec mixee;

    Connectome connectome() {
        if (connectome == null) {
            throw new ParameterException(
                    Objects.requireNonNull(mixee, "picocli injects the specification")
                            .commandLine(),
                    "Missing required option: '--sc=FILE'");
        }
        try {
            return TargetFile.connectome(connectome);
        } catch (IOException e) {
            throw unreadable(e, "give a symmetric matrix of regions × regions with no negative entry after --sc");
        }
    }

    /** @return candidates with the connectome's number of regions */
    List<RegionalParameters> candidates(Path file, Connectome connectome) {
        List<RegionalParameters> candidates;
        try {
            candidates = ParameterFile.read(file).candidates();
        } catch (IOException e) {
            throw unreadable(e, "give w, I, G, sigma as rows and candidates as columns after --params");
        }
        int regions = candidates.getFirst().regions();
        if (regions != connectome.regions()) {
            throw new UserError(
                    file + " has parameters of " + regions + " regions, but " + this.connectome + " has "
                            + connectome.regions(),
                    "give both in the same parcellation");
        }
        return candidates;
    }

    Haemodynamics haemodynamics() {
        return switch (preset.toLowerCase(Locale.ROOT)) {
            case "kong2021" -> Haemodynamics.KONG_2021;
            case "wang2018" -> Haemodynamics.WANG_2018;
            default -> throw new UserError("--preset is '" + preset + "'", "choose kong2021 or wang2018");
        };
    }

    Timing timing() {
        if (repetitionTimeSeconds == KONG_TR_SECONDS && frames == KONG_FRAMES) {
            return Timing.KONG_2021; // its last frame is cut short, as published
        }
        try {
            return Timing.of(repetitionTimeSeconds, frames);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "give --tr in seconds, at least 0.01, and --frames of at least 1",
                    e);
        }
    }

    void describe(Map<String, Object> facts, Timing timing) {
        facts.put("preset", preset.toLowerCase(Locale.ROOT));
        facts.put("repetition_time_seconds", timing.stepsPerFrame() * timing.stepSeconds());
        facts.put("frames", timing.keptFrames());
    }

    static UserError unreadable(IOException problem, String remedy) {
        return new UserError("cannot use " + problem.getMessage(), remedy, problem);
    }
}
