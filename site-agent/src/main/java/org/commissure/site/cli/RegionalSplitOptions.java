package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.models.meanfield.files.TargetFile;
import org.commissure.models.meanfield.fit.CorticalMap;
import org.commissure.models.meanfield.fit.FitData;
import org.commissure.models.meanfield.fit.FitSplits;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A cohort in three splits, and the clock of its scanner. */
final class RegionalSplitOptions {
    private static final List<String> EXTENSIONS = List.of("csv", "npy", "tsv");

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FOLDER",
            description = {
                "holds for each SPLIT of train, vali, test (groups of other subjects): sc_SPLIT.csv, structural"
                        + " connectivity; fc_SPLIT.csv, functional connectivity; fcd_SPLIT_cdf.csv, cumulative distribution"
                        + " of the dynamics over 10,000 bins, for all three or none. Also .npy or .tsv"
            })
    private Path data = Path.of("");

    @Mixin
    private RegionalTimingOptions clock = new RegionalTimingOptions();

    private final Map<String, String> digests = new LinkedHashMap<>();

    FitSplits splits() {
        try {
            return new FitSplits(split("train"), split("vali"), split("test"));
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()), "give the three splits of " + data + " in one parcellation", e);
        }
    }

    private FitData split(String name) {
        Optional<Path> dynamics = find("fcd_" + name + "_cdf");
        try {
            Path structural = need("sc_" + name);
            Path functional = need("fc_" + name);
            FitData read = new FitData(TargetFile.connectome(structural), TargetFile.read(functional, dynamics));
            note(structural);
            note(functional);
            dynamics.ifPresent(this::note);
            return read;
        } catch (IOException e) {
            throw RegionalModelOptions.unreadable(e, "see --help for the files of a cohort's folder");
        }
    }

    /** Of the folder, or of a file somewhere else. */
    CorticalMap map(String name, Optional<Path> elsewhere) {
        Path file = elsewhere.orElseGet(() -> need(name));
        try {
            CorticalMap map = new CorticalMap(name, MatrixFile.readVector(file));
            note(file);
            return map;
        } catch (IOException e) {
            throw RegionalModelOptions.unreadable(e, "give one number for each region");
        } catch (IllegalArgumentException e) {
            throw new UserError(file + ": " + e.getMessage(), "give a finite number for each region", e);
        }
    }

    private Path need(String name) {
        return find(name)
                .orElseThrow(() -> new UserError(
                        data + " holds no " + name + ".csv (nor .npy, .tsv)",
                        "name the folder's files as --help says"));
    }

    private Optional<Path> find(String name) {
        return EXTENSIONS.stream()
                .map(extension -> data.resolve(name + "." + extension))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private void note(Path file) {
        digests.put(String.valueOf(file.getFileName()), FileDigest.sha256(file));
    }

    Timing timing() {
        return clock.timing();
    }

    /** SHA-256 of every file that was read, by its name. */
    Map<String, String> digests() {
        return digests;
    }
}
