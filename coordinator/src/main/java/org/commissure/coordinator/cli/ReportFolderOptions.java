package org.commissure.coordinator.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.commissure.coordinator.report.ReportVerification;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A run's folder and the log that it is checked against. */
final class ReportFolderOptions {
    @Parameters(
            paramLabel = "FOLDER",
            description = "With report.json, report.html, model-card.md, study.toml, checkpoint and evaluations/.")
    private Path folder = Path.of("");

    @Option(
            names = "--log",
            paramLabel = "DIR",
            description = "A copy of the federation's log. Default: log in FOLDER, or the coordinator's own.")
    private @Nullable Path log;

    @Option(
            names = "--authority",
            paramLabel = "FINGERPRINT",
            description = "The federation authority's SHA-256, heard out of band.")
    private @Nullable String authority;

    Path folder() {
        return folder;
    }

    ReportVerification verify() {
        return ReportVerification.of(folder, log(), Optional.ofNullable(authority));
    }

    private Path log() {
        Path asked = log;
        if (asked != null) {
            return asked;
        }
        for (Path usual :
                new Path[] {folder.resolve("log"), folder.toAbsolutePath().resolve("../../log")}) {
            if (Files.isDirectory(usual)) {
                return usual.normalize();
            }
        }
        throw new UserError("there is no log in " + folder, "name a copy of the federation's log with --log");
    }
}
