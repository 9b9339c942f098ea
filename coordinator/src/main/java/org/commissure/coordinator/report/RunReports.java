package org.commissure.coordinator.report;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.round.SiteSummary;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;

/** Puts a {@link RunReport} together, and reads and writes its JSON form. Thread-safe. */
public final class RunReports {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private RunReports() {}

    /**
     * What the run's summary, the log and the opened sums say together; the log is verified on the way.
     *
     * @param runFolder where the sums are kept
     */
    public static RunReport of(RunSummary summary, StudyFile file, Path logFolder, Path runFolder) {
        return of(summary, file, LogFacts.of(logFolder, summary.runId()), KeptSums.in(runFolder));
    }

    static RunReport of(RunSummary summary, StudyFile file, LogFacts facts, KeptSums sums) {
        Study study = file.study();
        List<RoundSummary> history = summary.history();
        List<SiteSummary> sites = summary.sites().stream()
                .sorted(Comparator.comparing(SiteSummary::name))
                .toList();
        List<RunReport.Round> rounds =
                history.stream().map(round -> round(round, facts, study)).toList();
        return new RunReport(
                RunReport.SCHEMA,
                RunReport.SCHEMA_VERSION,
                RunReport.NOTICE,
                new RunReport.Run(summary.runId(), summary.state(), summary.reason()),
                new RunReport.StudyFacts(
                        study.study().name(),
                        study.study().purpose(),
                        HexFormat.of().formatHex(file.sha256()),
                        study.privacy().mode().name().toLowerCase(Locale.ROOT),
                        study.externalFraction(),
                        study.reconstructs() ? study.evaluation().maskRatio() : null),
                rounds,
                sites.stream()
                        .map(site -> site(site, study.privacy().mode(), facts))
                        .toList(),
                RunReport.Exclusions.NONE,
                facts.log(),
                new RunReport.Model(history.isEmpty() ? "" : history.getLast().modelSha256()),
                null,
                study.phenotype()
                        .map(plan -> PhenotypeReport.of(summary, plan))
                        .or(() -> study.finetune().map(plan -> PhenotypeReport.of(summary, plan, study)))
                        .orElse(null),
                study.reconstructs()
                        ? SealedEvaluations.of(
                                        rounds,
                                        sites.stream().map(SiteSummary::name).toList(),
                                        study,
                                        sums)
                                .orElse(null)
                        : null);
    }

    private static RunReport.Round round(RoundSummary round, LogFacts facts, Study study) {
        return new RunReport.Round(
                round.round(),
                round.outcome(),
                round.attempts(),
                round.survivors(),
                round.seconds(),
                round.evaluation(),
                round.evaluation() == null ? whyNoReconstruction(round, facts, study) : null,
                round.modelSha256(),
                facts.evaluationSum(round.round()).orElse(null));
    }

    private static String whyNoReconstruction(RoundSummary round, LogFacts facts, Study study) {
        if (study.published().isPresent()) {
            return "a study of this kind is scored once, at its end";
        }
        return round.phenotype() == null
                ? whyNoEvaluation(round, facts)
                : "a fine-tuning is scored by what it predicts, not by reconstruction";
    }

    private static String whyNoEvaluation(RoundSummary round, LogFacts facts) {
        if (round.outcome() == RoundOutcome.ABORTED) {
            return "no new model: " + facts.trainingFailure(round.round()).orElse("the round was aborted, see the log");
        }
        return facts.evaluationFailure(round.round())
                .filter(reason -> !reason.isBlank())
                .orElse("the evaluation sum was not released, see the log");
    }

    private static RunReport.Site site(SiteSummary site, Study.PrivacyMode mode, LogFacts facts) {
        RunReport.PrivacySpent spent = facts.privacy(site.name()).orElse(null);
        String unavailable = spent != null
                ? null
                : mode == Study.PrivacyMode.NONE
                        ? "the study runs without differential privacy"
                        : facts.log().verified()
                                ? "it charged nothing in this run"
                                : "the log does not verify, so its entries are not quoted";
        return new RunReport.Site(
                site.name(),
                site.bytesReceived(),
                spent,
                unavailable,
                facts.externalCohortSha256(site.name()).orElse(null),
                facts.sealedPatients(site.name()).map(SealedPatients::words).orElse(null),
                facts.sealedPatients(site.name()).orElse(null));
    }

    /** As {@link #toJson}. */
    static String text(RunReport report) {
        try {
            return JSON.writeValueAsString(report);
        } catch (JacksonException e) {
            throw new IllegalStateException("a report that has no JSON form", e);
        }
    }

    /** The bytes of {@code report.json}. */
    public static byte[] toJson(RunReport report) throws IOException {
        return JSON.writeValueAsBytes(report);
    }

    /**
     * Reads a {@code report.json}.
     *
     * @throws UserError if {@code file} is not a report, or one of a later schema
     */
    public static RunReport read(Path file) {
        RunReport report;
        try {
            report = JSON.readValue(Files.readAllBytes(file), RunReport.class);
        } catch (JacksonException e) {
            throw new UserError(file + " is not a report", "name the report.json of a run's folder", e);
        } catch (IOException e) {
            throw new UserError("cannot read " + file, "name the report.json of a run that has ended", e);
        }
        if (report == null || !RunReport.SCHEMA.equals(report.schema())) {
            throw new UserError(file + " is not a report", "name the report.json of a run's folder");
        }
        if (report.schemaVersion() > RunReport.SCHEMA_VERSION) {
            throw new UserError(
                    file + " has schema version " + report.schemaVersion() + "; this version reads up to "
                            + RunReport.SCHEMA_VERSION,
                    "read it with the version of Commissure that wrote it");
        }
        return report;
    }
}
