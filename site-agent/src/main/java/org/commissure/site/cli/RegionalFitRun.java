package org.commissure.site.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.fit.FitCheckpointException;
import org.commissure.models.meanfield.fit.FitListener;
import org.commissure.models.meanfield.scoring.Scorer;
import org.commissure.models.meanfield.scoring.ScoringListener;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What every fit is given: where to write, its seed, its engine, and whether to go on from a checkpoint. */
final class RegionalFitRun {
    @Mixin
    private RegionalEngineOptions engine = new RegionalEngineOptions();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "folder for the result: result.json, parameters.json, parameters.csv, pictures, checkpoints")
    private Path out = Path.of("");

    @Option(names = "--seed", paramLabel = "S", description = "of candidates and noise (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(names = "--resume", description = "go on from the folder's checkpoints, with the same options")
    private boolean resume;

    @Option(
            names = "--regions",
            paramLabel = "FILE",
            description = "table of the regions with a column yeo7, for the picture by network")
    private @Nullable Path regions;

    @Mixin
    private FactsOption output = new FactsOption();

    /** A fit that can be stopped. */
    @FunctionalInterface
    interface Work {
        Integer run(Scorer scorer, FitListener listener) throws IOException, InterruptedException;
    }

    Integer execute(@Nullable CommandSpec spec, Work work) throws IOException {
        prepareFolder();
        PrintWriter errors = Objects.requireNonNull(spec, "picocli injects the specification")
                .commandLine()
                .getErr();
        FitListener listener = output.asJson() ? FitListener.NONE : new FitProgressLines(errors);
        try (StopSignal signal = new StopSignal();
                Scorer scorer = engine.open(ScoringListener.NONE)) {
            return work.run(scorer, listener);
        } catch (InterruptedException e) {
            throw new UserError(
                    "the fit was stopped; its checkpoints are in " + out,
                    "go on with --resume and the same options",
                    e);
        } catch (FitCheckpointException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "repeat data and options of the fit you want to go on with, or name another folder after --out",
                    e);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "check the cohort's matrices and the options", e);
        }
    }

    private void prepareFolder() {
        boolean begun = false;
        if (Files.isDirectory(out)) {
            try (var files = Files.newDirectoryStream(out, "*.checkpoint.json")) {
                begun = files.iterator().hasNext();
            } catch (IOException e) {
                throw new UserError("cannot read the folder " + out, "check its permissions", e);
            }
        }
        if (begun && !resume) {
            throw new UserError(
                    out + " already holds a fit", "continue it with --resume, or name another folder after --out");
        }
        if (!begun && resume) {
            throw new UserError(out + " holds no checkpoint to go on from", "start the fit without --resume");
        }
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new UserError("cannot make the folder " + out, "check the path and its permissions", e);
        }
    }

    Path out() {
        return out;
    }

    long seed() {
        return seed;
    }

    int threads() {
        return engine.threads();
    }

    @Nullable
    Path regions() {
        return regions;
    }

    FactsOption output() {
        return output;
    }

    /** What the numbers of a result depend on. */
    Map<String, Object> provenance(RegionalSplitOptions cohort, String preset, Timing timing) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("seed", seed);
        facts.put("preset", preset);
        facts.put("repetitionTimeSeconds", timing.stepsPerFrame() * timing.stepSeconds());
        facts.put("frames", timing.keptFrames());
        facts.put("device", engine.device().name().toLowerCase(Locale.ROOT));
        facts.put("threads", engine.threads());
        facts.put("java", Runtime.version().toString());
        facts.put("inputsSha256", cohort.digests());
        return facts;
    }

    /** The same for a parameter file. */
    Map<String, String> parameterProvenance(String model, RegionalSplitOptions cohort) {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("model", model);
        provenance.put("seed", Long.toString(seed));
        cohort.digests().forEach((file, digest) -> provenance.put("sha256 of " + file, digest));
        return provenance;
    }
}
