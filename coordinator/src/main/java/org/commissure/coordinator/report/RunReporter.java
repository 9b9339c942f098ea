package org.commissure.coordinator.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.commissure.coordinator.round.Reporter;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.privacy.audit.KeptCheckpoint;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.study.RegionalPlan;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;

/** Writes {@code report.json}, {@code report.html} and the model card, as JSON and as Markdown, into a run's folder. */
public final class RunReporter implements Reporter {

    @Override
    public void write(RunSummary summary, StudyFile study, Path runFolder, Path logFolder) throws IOException {
        RunReport report = RunReports.of(summary, study, logFolder, runFolder);
        String card;
        Optional<RegionalPlan> plan = study.study().regional();
        if (plan.isPresent()) {
            RegionalResult result =
                    RegionalResults.of(summary, study.study(), plan.get(), runFolder.resolve("model.safetensors"));
            report = report.with(result);
            card = RegionalCard.of(report, result, study.study());
        } else {
            card = card(report, study.study());
        }
        keepCheckpoint(runFolder, logFolder, report);
        DurableFile.write(runFolder.resolve("report.json"), RunReports.toJson(report));
        write(runFolder.resolve("report.html"), ReportPage.of(report));
        write(runFolder.resolve(ReportVerification.CARD_JSON), ModelCardJson.of(report, study.study()));
        write(runFolder.resolve("model-card.md"), card);
    }

    /** Of a study of any kind but regional, whose card needs more than the report. */
    static String card(RunReport report, Study study) {
        PhenotypeReport phenotype = report.phenotype();
        if (phenotype == null) {
            return ModelCard.of(report, study);
        }
        FineTuneReport tuned = phenotype.fineTuned();
        return tuned == null
                ? PhenotypeCard.of(report, phenotype, study)
                : FineTuneCard.of(report, phenotype, tuned, study);
    }

    /** Of a log that does not verify none is kept: it vouches for nothing. */
    private static void keepCheckpoint(Path runFolder, Path logFolder, RunReport report) throws IOException {
        if (report.log().verified()) {
            write(runFolder.resolve(ReportVerification.CHECKPOINT), KeptCheckpoint.note(logFolder));
        }
    }

    private static void write(Path file, String text) throws IOException {
        DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
