package org.commissure.coordinator.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.commissure.coordinator.round.Reporter;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.study.StudyFile;

/** Writes {@code report.json}, {@code report.html} and {@code model-card.md} into a run's folder. */
public final class RunReporter implements Reporter {

    @Override
    public void write(RunSummary summary, StudyFile study, Path runFolder, Path logFolder) throws IOException {
        RunReport report = RunReports.of(summary, study, logFolder);
        DurableFile.write(runFolder.resolve("report.json"), RunReports.toJson(report));
        write(runFolder.resolve("report.html"), ReportPage.of(report));
        write(runFolder.resolve("model-card.md"), ModelCard.of(report, study.study()));
    }

    private static void write(Path file, String text) throws IOException {
        DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
