package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.files.ParameterFile;
import org.commissure.models.meanfield.files.TargetFile;
import org.commissure.models.meanfield.statistics.Target;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The structural connectome, and the clock of a simulation. */
final class RegionalModelOptions {
    @Option(
            names = "--sc",
            paramLabel = "FILE",
            description = "structural connectivity, regions × regions: streamline counts, symmetric; scaled here to a"
                    + " largest entry of 0.2")
    private @Nullable Path connectome;

    @Mixin
    private RegionalPresetOption preset = new RegionalPresetOption("kong2021");

    @Mixin
    private RegionalTimingOptions clock = new RegionalTimingOptions();

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec mixee;

    Connectome connectome() {
        if (connectome == null) {
            throw new ParameterException(
                    Objects.requireNonNull(mixee, "picocli injects the specification")
                            .commandLine(),
                    "Missing required option: '--sc=FILE'");
        }
        return connectome(connectome);
    }

    /** @return candidates with the connectome's number of regions */
    List<RegionalParameters> candidates(Path file, Connectome connectome) {
        return candidates(file, connectome, Objects.requireNonNull(this.connectome, "the connectome was read"));
    }

    /** @param source file of the connectome */
    static List<RegionalParameters> candidates(Path file, Connectome connectome, Path source) {
        List<RegionalParameters> candidates;
        try {
            candidates = ParameterFile.read(file).candidates();
        } catch (IOException e) {
            throw unreadable(e, "give w, I, G, sigma as rows and candidates as columns after --params");
        }
        int regions = candidates.getFirst().regions();
        if (regions != connectome.regions()) {
            throw new UserError(
                    file + " has parameters of " + regions + " regions, but " + source + " has " + connectome.regions(),
                    "give both in the same parcellation");
        }
        return candidates;
    }

    static Connectome connectome(Path file) {
        try {
            return TargetFile.connectome(file);
        } catch (IOException e) {
            throw unreadable(e, "give a symmetric matrix of regions × regions with no negative entry after --sc");
        }
    }

    /** @return the data, of the connectome's number of regions */
    static Target target(Path connectivity, Optional<Path> dynamics, Connectome connectome) {
        Target target;
        try {
            target = TargetFile.read(connectivity, dynamics);
        } catch (IOException e) {
            throw unreadable(
                    e, "give correlations between regions after --fc and a cumulative distribution after --fcd-cdf");
        }
        if (target.regions() != connectome.regions()) {
            throw new UserError(
                    connectivity + " has " + target.regions() + " regions, but the structural connectivity has "
                            + connectome.regions(),
                    "give both in the same parcellation");
        }
        return target;
    }

    Haemodynamics haemodynamics() {
        return preset.haemodynamics();
    }

    Timing timing() {
        return clock.timing();
    }

    void describe(Map<String, Object> facts, Timing timing) {
        facts.put("preset", preset.name());
        facts.put("repetition_time_seconds", timing.stepsPerFrame() * timing.stepSeconds());
        facts.put("frames", timing.keptFrames());
    }

    static UserError unreadable(IOException problem, String remedy) {
        return new UserError("cannot use " + problem.getMessage(), remedy, problem);
    }
}
